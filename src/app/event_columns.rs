//! The columns of the event table, as a person chose and ordered them.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventColumn {
    Revision,
    Time,
    After,
    Type,
    Data,
    Id,
    Size,
    Position,
    Who,
}

impl EventColumn {
    pub const ALL: [Self; 9] = [
        Self::Revision,
        Self::Time,
        Self::After,
        Self::Type,
        Self::Data,
        Self::Id,
        Self::Size,
        Self::Position,
        Self::Who,
    ];

    /// Its head.
    pub fn label(self) -> &'static str {
        match self {
            Self::Revision => "Rev",
            Self::Time => "Time",
            Self::After => "After",
            Self::Type => "Type",
            Self::Data => "Data",
            Self::Id => "Event id",
            Self::Size => "Size",
            Self::Position => "Position",
            Self::Who => "Who",
        }
    }

    /// As the settings keep it: a stored format.
    fn key(self) -> &'static str {
        match self {
            Self::Revision => "revision",
            Self::Time => "time",
            Self::After => "after",
            Self::Type => "type",
            Self::Data => "data",
            Self::Id => "id",
            Self::Size => "size",
            Self::Position => "position",
            Self::Who => "who",
        }
    }
}

/// Those that are shown, from the left, each once; the revision always is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<String>", into = "Vec<String>")]
pub struct EventColumns(Vec<EventColumn>);

impl Default for EventColumns {
    fn default() -> Self {
        use EventColumn as C;
        Self(vec![C::Revision, C::Time, C::After, C::Type, C::Data])
    }
}

impl EventColumns {
    pub fn shown(&self) -> &[EventColumn] {
        &self.0
    }

    pub fn shows(&self, column: EventColumn) -> bool {
        self.0.contains(&column)
    }

    /// With the column at the right end, or without it.
    #[must_use]
    pub fn toggled(mut self, column: EventColumn) -> Self {
        if !self.shows(column) {
            self.0.push(column);
        } else if column != EventColumn::Revision {
            self.0.retain(|shown| *shown != column);
        }
        self
    }

    /// With the column one place further to the right, or to the left.
    #[must_use]
    pub fn moved(mut self, column: EventColumn, is_right: bool) -> Self {
        let at = self.0.iter().position(|shown| *shown == column);
        let to = at.and_then(|at| if is_right { Some(at + 1) } else { at.checked_sub(1) });
        if let (Some(at), Some(to)) = (at, to.filter(|&to| to < self.0.len())) {
            self.0.swap(at, to);
        }
        self
    }
}

/// What a later version kept and this one does not know is left out.
impl From<Vec<String>> for EventColumns {
    fn from(keys: Vec<String>) -> Self {
        let known = |key: &String| EventColumn::ALL.into_iter().find(|column| column.key() == key);
        let mut columns = Vec::new();
        for column in keys.iter().filter_map(known) {
            if !columns.contains(&column) {
                columns.push(column);
            }
        }
        if columns.is_empty() {
            return Self::default();
        }
        if !columns.contains(&EventColumn::Revision) {
            columns.insert(0, EventColumn::Revision);
        }
        Self(columns)
    }
}

impl From<EventColumns> for Vec<String> {
    fn from(columns: EventColumns) -> Self {
        columns.0.into_iter().map(|column| column.key().to_owned()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_survive_what_is_stored_of_them_and_the_revision_stays() {
        let keys =
            |keys: &[&str]| EventColumns::from(keys.iter().map(|&key| key.to_owned()).collect::<Vec<_>>());
        assert_eq!(keys(&[]), EventColumns::default());
        assert_eq!(keys(&["of a later version"]), EventColumns::default());
        assert_eq!(keys(&["who", "who", "data"]).shown()[0], EventColumn::Revision);
        let moved = EventColumns::default().moved(EventColumn::Data, false).toggled(EventColumn::Id);
        assert_eq!(EventColumns::from(Vec::from(moved.clone())), moved);
        assert_eq!(moved.shown().last(), Some(&EventColumn::Id));
        let same = moved.clone().moved(EventColumn::Id, true).toggled(EventColumn::Revision);
        assert_eq!(same, moved);
    }
}
