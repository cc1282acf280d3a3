//! Which streams are listed.

use super::categories::Categories;
use super::ever::Ever;
use super::list::List;
use crate::aggregate::Registry;
use crate::store::Listing;

/// The list, and how far it is.
#[derive(Debug)]
pub(super) struct Streams {
    /// The text before the first `-` of the streams' names; `*` for every stream.
    pub category: String,
    pub list: List,
    pub listing: Listing,
    pub categories: Categories,
    /// Whether the list's condition was ever true, once that is asked.
    pub ever: Option<Ever>,
}

impl Streams {
    pub fn new(category: &str, registry: &Registry) -> Self {
        Self {
            category: category.to_owned(),
            list: List::new(category, registry),
            listing: Listing {
                seen: 0,
                caught_up: false,
                unread: 0,
                source: String::new(),
                confirmed: None,
                unseen: None,
                denied: None,
            },
            categories: Categories::default(),
            ever: None,
        }
    }

    /// An empty list of another category.
    pub fn list_category(&mut self, category: &str, registry: &Registry) {
        if category != self.category {
            self.list = List::new(category, registry);
            category.clone_into(&mut self.category);
        }
    }

    /// What it told of the list is of no more use.
    pub fn connection_ended(&mut self) {
        self.relisted();
        self.listing.denied = None;
        self.ever = None;
    }

    /// The list is read anew.
    pub fn relisted(&mut self) {
        self.list.clear();
        self.listing.seen = 0;
        self.listing.caught_up = false;
        self.listing.confirmed = None;
    }
}
