//! The command line's verbs over the store: text for people, one JSON object a line for programs.

mod check;
mod command;
mod connections;
mod database;
mod doctor;
mod failure;
mod find;
mod journal;
mod list;
mod list_difference;
mod moments;
mod output;
mod problem;
mod reading;
mod related;
mod run_command;
mod selection;
mod show;
mod table;

use crate::cli::Verb;
pub use connections::connections;
pub use failure::Failure;
pub use journal::journal;
pub use output::print;

use crate::aggregate::Registry;
use crate::aggregate::script::Definitions;
use crate::decision::Origin;
use crate::store::{Journal, KeptLists, Resolve};

/// What a verb works with.
pub struct Opened {
    pub resolve: Resolve,
    pub journal: Journal,
    pub lists: KeptLists,
    pub definitions: Definitions,
    /// Who writes and where.
    pub origin: Origin,
}

/// Does the verb and prints its answer.
pub async fn run(verb: Verb, opened: Opened) -> Result<(), Failure> {
    let Opened { resolve, journal, lists, definitions, origin } = opened;
    let registry = Registry::new(&definitions);
    let database = database::Database::new(resolve.clone(), &journal, lists, registry, origin);
    let output = match verb {
        Verb::List(list) if list.diff.is_some() => list_difference::list_difference(&list, &database).await?,
        Verb::List(list) => list::list(&list, &database).await?,
        Verb::Find(find) => find::find(&find, &database).await?,
        Verb::Correlation(id) => related::correlation(&id, &database).await?,
        Verb::Around(event) => related::around(&event, &database).await?,
        Verb::Show(show) => show::show(&show, &database).await?,
        Verb::Create(create) => command::create(&create, &database).await?,
        Verb::Pay(pay) => command::pay(&pay, &database).await?,
        Verb::Command(command) => run_command::run_command(&command, &database).await?,
        Verb::Check(check) => check::check(&check, &database).await?,
        Verb::Doctor(doctor) => return doctor::doctor(&doctor, resolve).await,
    };
    database.note().iter().chain(&output.notes).for_each(|text| output::note(text));
    output.text.print()
}
