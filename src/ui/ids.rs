//! Ids of widgets that more than one part of the window asks for.

use egui::Id;

/// The field that filters the streams, which a key gives the focus.
pub fn filter_id() -> Id {
    Id::unique("filter-streams")
}

/// The field that finds text in an event, which a key gives the focus.
pub fn find_id() -> Id {
    Id::unique("find-in-event")
}

/// The scroll bars of lists; the keys that move one are its own while it has the focus.
pub fn events_bar_id() -> Id {
    Id::unique("events-bar")
}

pub fn streams_bar_id() -> Id {
    Id::unique("streams-bar")
}

pub fn data_bar_id() -> Id {
    Id::unique("data-bar")
}

pub fn metadata_bar_id() -> Id {
    Id::unique("metadata-bar")
}

/// The button that opens the picker of a category, which hangs under it.
pub fn category_id() -> Id {
    Id::unique("category")
}

/// The button that takes the list to a moment, under which the field hangs.
pub fn as_of_id() -> Id {
    Id::unique("as-of")
}

/// The button that says where the events come from, under which its panel hangs.
pub fn connection_id() -> Id {
    Id::unique("connection")
}
