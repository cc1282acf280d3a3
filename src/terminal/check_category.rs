//! `hindsight check --category`: the problems of a category's streams by the folds that count, as the list has them.

use super::check::{Folding, count};
use super::database::Database;
use super::failure::Failure;
use super::list::{nothing, source};
use super::output::{Output, note, print};
use super::reading;
use crate::cli::Check;
use crate::record::json::safe;
use crate::store::Life;

pub async fn check_category(check: &Check, database: &Database) -> Result<Output, Failure> {
    let category = check.category.as_deref().unwrap_or_default();
    let (mut rows, listing) = reading::list(database, category).await?;
    let all = rows.len() as u64;
    rows.retain(|row| row.problems > 0);
    rows.sort_by(|a, b| a.stream.cmp(&b.stream));
    let (mut problems, mut with_problems) = (0, 0);
    for row in &rows {
        let aggregate = database.registry.for_stream(&row.stream);
        let mut folding = Folding::new(&row.stream, aggregate, None, check.json);
        if folding.read(database).await? == Life::Missing {
            note(&format!("Stream {} does not exist any more.", row.stream));
        }
        problems += folding.problems();
        with_problems += u64::from(folding.problems() > 0);
    }
    if !check.json {
        let (problems, of) = (count(problems, "problem"), count(all, "stream"));
        print(&format!("{}: {problems} in {with_problems} of {of}.\n", safe(category)))?;
    }
    let source = source(&listing);
    let said = if all == 0 { format!("{} {source}", nothing(category)) } else { source };
    if problems > 0 {
        note(&said);
        return Err(Failure::Found);
    }
    Ok(Output { text: String::new().into(), notes: vec![said] })
}
