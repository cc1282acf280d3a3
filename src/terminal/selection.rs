//! Which streams of a list are told, and in which order.

use super::failure::Failure;
use crate::aggregate::{Column, Condition, Registry, Schema, StreamFilter};
use crate::cli::List;
use crate::record::Created;
use crate::store::{RowSort, StreamRow, has_within, has_word, meets};

/// What a stream is called that no aggregate gives a status.
const PRESENCES: [&str; 3] = ["live", "deleted", "tombstoned"];
const UNKNOWN: &str = "unknown";
const SORTS: [&str; 5] = ["name", "last-event", "events", "status", "problems"];

#[derive(Debug)]
pub struct Selection<'a> {
    status: Option<&'a str>,
    /// The path of the field that names a user, and the user.
    user: Option<(&'a str, &'a str)>,
    filter: StreamFilter,
    registry: &'a Registry,
    /// By which the age of a last event is told.
    now: Created,
    sort: &'a str,
    limit: usize,
}

impl<'a> Selection<'a> {
    /// Checks what can be checked before anything is read.
    pub fn new(
        list: &'a List,
        schema: &'a Schema,
        registry: &'a Registry,
        now: Option<Created>,
    ) -> Result<Self, Failure> {
        Ok(Self {
            filter: filter(list.filter.as_deref().unwrap_or_default())?,
            registry,
            now: now.unwrap_or_else(Created::now),
            status: list.status.as_deref().map(|status| known_status(status, list, schema)).transpose()?,
            user: match list.user.as_deref() {
                Some(user) => Some((user_path(list, schema)?, user)),
                None => None,
            },
            sort: &list.sort,
            limit: list.limit.unwrap_or(usize::MAX),
        })
    }

    /// At most so many are told.
    pub fn limit(&self) -> usize {
        self.limit
    }

    pub fn of(&self, mut rows: Vec<StreamRow>, columns: &[Column]) -> Result<Vec<StreamRow>, Failure> {
        let sort = self.row_sort(columns)?;
        rows.retain(|row| self.holds(row));
        let mut rows = sort.sorted(rows);
        rows.truncate(self.limit);
        Ok(rows)
    }

    pub fn holds(&self, row: &StreamRow) -> bool {
        self.status.is_none_or(|status| row.word().eq_ignore_ascii_case(status))
            && self.user.is_none_or(|(path, user)| row.cell(path).is_some_and(|cell| &*cell.text == user))
            && self.passes(row)
    }

    fn passes(&self, row: &StreamRow) -> bool {
        let StreamFilter { words, within, conditions } = &self.filter;
        let aggregate = &**self.registry.for_stream(&row.stream);
        words.iter().all(|word| has_word(row, word))
            && within.iter().all(|within| has_within(within, self.registry, row))
            && conditions.iter().all(|condition| meets(condition, aggregate, row, self.now))
    }

    /// One of the list's own sortings, or by a column.
    fn row_sort(&self, columns: &[Column]) -> Result<RowSort, Failure> {
        match self.sort {
            "name" => return Ok(RowSort::Name),
            "last-event" => return Ok(RowSort::LastEvent),
            "events" => return Ok(RowSort::Events),
            "status" => return Ok(RowSort::Status),
            "problems" => return Ok(RowSort::Problems),
            _ => {}
        }
        let by = self.sort;
        let exact = columns.iter().find(|column| &*column.path == by);
        let by_label = || columns.iter().find(|column| column.label.to_lowercase() == by.to_lowercase());
        exact.or_else(by_label).cloned().map(RowSort::Column).ok_or_else(|| {
            let names = SORTS.iter().copied().chain(columns.iter().map(|column| &*column.label));
            Failure::Usage(format!("There is no column {by} to sort by. Use {}.", either(names)))
        })
    }
}

fn filter(text: &str) -> Result<StreamFilter, Failure> {
    let filter = StreamFilter::parse(text)
        .map_err(|error| Failure::Usage(format!("--filter {text} cannot be understood. {error}")))?;
    if filter.conditions.iter().all(Condition::is_of_state) {
        return Ok(filter);
    }
    let text = "--filter asks for states, and problem, event and changed are asked of events. Ask for problems>0, or use find --ever.";
    Err(Failure::Usage(text.to_owned()))
}

/// With `*`, streams have statuses of every aggregate, so that none is a slip of the hand.
fn known_status<'a>(status: &'a str, list: &List, schema: &Schema) -> Result<&'a str, Failure> {
    let own = schema.statuses.iter().map(|status| &*status.word);
    let unknown = (!schema.statuses.is_empty()).then_some(UNKNOWN);
    let words: Vec<&str> = own.chain(PRESENCES).chain(unknown).collect();
    let any = matches!(&*list.category, "" | "*");
    if any || words.iter().any(|word| word.eq_ignore_ascii_case(status)) {
        return Ok(status);
    }
    let category = &list.category;
    let words = either(words.into_iter());
    Err(Failure::Usage(format!("Category {category} has no status {status}. Use {words}.")))
}

/// Where the category's aggregate keeps a user.
fn user_path<'a>(list: &List, schema: &'a Schema) -> Result<&'a str, Failure> {
    let column = schema.columns.iter().find(|column| column.label.eq_ignore_ascii_case("user"));
    column.map(|column| &*column.path).ok_or_else(|| {
        let category = &list.category;
        Failure::Usage(format!(
            "Nothing says which field of category {category} is a user. Use --filter with a word of the field instead."
        ))
    })
}

fn either<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let words: Vec<&str> = words.collect();
    match words.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => words.concat(),
    }
}
