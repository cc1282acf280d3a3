//! One thing that the palette's text can mean.

use crate::app::actions::Action;
use crate::app::intent::Intent;
use crate::app::keys::Chord;
use crate::record::Created;

/// What it leads to; its icon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HitKind {
    Stream,
    /// A stream that is in no list.
    Unlisted,
    /// Streams that hold a text.
    Search,
    Moment,
    Revision,
    Event,
    Field,
    Command,
    Connection,
    Category,
    /// What the text looks like and is not.
    Wrong,
}

/// What happens where it is taken.
#[derive(Debug, Clone, PartialEq)]
pub enum Take {
    Intents(Vec<Intent>),
    /// The action's key is pressed: what has the focus does it by itself.
    Press(Action),
    /// Nothing can be done; its effect says why.
    Nothing,
}

/// A line of the palette; its texts are safe for the screen.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    pub kind: HitKind,
    pub title: String,
    /// What it will do.
    pub effect: String,
    /// The key that does the same in the window.
    pub chord: Option<Chord>,
    pub take: Take,
    /// The moment to which Ctrl+Enter takes the whole list.
    pub moment: Option<Created>,
}

impl Hit {
    pub(super) fn new(
        kind: HitKind,
        title: impl Into<String>,
        effect: impl Into<String>,
        take: Take,
    ) -> Self {
        Self { kind, title: title.into(), effect: effect.into(), chord: None, take, moment: None }
    }

    pub(super) fn one(
        kind: HitKind,
        title: impl Into<String>,
        effect: impl Into<String>,
        intent: Intent,
    ) -> Self {
        Self::new(kind, title, effect, Take::Intents(vec![intent]))
    }

    pub(super) fn wrong(title: impl Into<String>, effect: impl Into<String>) -> Self {
        Self::new(HitKind::Wrong, title, effect, Take::Nothing)
    }
}
