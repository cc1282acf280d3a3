//! Ids of widgets that more than one part of the window asks for.

use egui::Id;

/// The field that filters the streams, which a key gives the focus.
pub fn filter_id() -> Id {
    Id::unique("filter-streams")
}

/// The button that opens the picker of a category, which hangs under it.
pub fn category_id() -> Id {
    Id::unique("category")
}

/// The button that says where the events come from, under which its panel hangs.
pub fn connection_id() -> Id {
    Id::unique("connection")
}
