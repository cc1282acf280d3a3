//! The command line's verbs over the store: text for people, one JSON object a line for programs.

mod command;
mod connections;
mod database;
mod doctor;
mod failure;
mod journal;
mod list;
mod output;
mod reading;
mod selection;
mod show;
mod table;

use crate::cli::Verb;
pub use connections::connections;
pub use failure::Failure;
pub use journal::journal;
pub use output::print;

use crate::decision::Origin;
use crate::store::{Journal, KeptLists, Resolve};
use std::io::Write;

/// Does the verb and prints its answer.
pub async fn run(
    verb: Verb,
    resolve: Resolve,
    journal: &Journal,
    lists: KeptLists,
    origin: Origin,
) -> Result<(), Failure> {
    let database = database::Database::new(resolve.clone(), journal, lists, origin);
    let output = match verb {
        Verb::List(list) => list::list(&list, &database).await?,
        Verb::Show(show) => show::show(&show, &database).await?,
        Verb::Create(create) => command::create(&create, &database).await?,
        Verb::Pay(pay) => command::pay(&pay, &database).await?,
        Verb::Doctor(doctor) => return doctor::doctor(&doctor, resolve).await,
    };
    for note in database.note().iter().chain(&output.notes) {
        let said = writeln!(std::io::stderr(), "{}", crate::record::json::safe(note));
        tracing::trace!(?said, "note");
    }
    output.text.print()
}
