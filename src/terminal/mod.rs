//! The command line's verbs over the store: text for people, one JSON object a line for programs.

mod check;
mod check_category;
mod command;
mod connections;
mod database;
mod doctor;
mod export;
mod failure;
mod find;
mod find_ever;
mod journal;
mod lesson;
mod lesson_text;
mod list;
mod list_difference;
mod log_line;
mod moments;
mod output;
mod parked;
mod problem;
mod projections;
mod reading;
mod related;
mod run_command;
mod search;
mod selection;
mod show;
mod table;
mod tail;

use crate::cli::Verb;
pub use connections::connections;
pub use failure::Failure;
pub use journal::journal;
pub use lesson::{chosen_lesson, list_lessons, play_lesson};
pub use output::print;

use crate::aggregate::Registry;
use crate::aggregate::script::Definitions;
use crate::decision::Origin;
use crate::record::history_file::Head;
use crate::store::{Journal, KeptLists, Resolve};

/// What a verb works with.
pub struct Opened {
    pub resolve: Resolve,
    pub journal: Journal,
    pub lists: KeptLists,
    pub definitions: Definitions,
    /// Who writes and where.
    pub origin: Origin,
    /// What the file says of itself, where one is the database.
    pub served: Option<Head>,
}

/// Does the verb and prints its answer.
pub async fn run(verb: Verb, opened: Opened) -> Result<(), Failure> {
    let Opened { resolve, journal, lists, definitions, origin, served } = opened;
    let registry = Registry::new(&definitions);
    let database =
        database::Database::new(resolve.clone(), &journal, lists, registry, origin).of_file(served);
    let output = match verb {
        Verb::List(list) if list.diff.is_some() => list_difference::list_difference(&list, &database).await?,
        Verb::List(list) => list::list(&list, &database).await?,
        Verb::Find(find) if find.ever || find.first => find_ever::find_ever(&find, &database).await?,
        Verb::Find(find) => find::find(&find, &database).await?,
        Verb::Correlation(id) => related::correlation(&id, &database).await?,
        Verb::Around(event) => related::around(&event, &database).await?,
        Verb::Show(show) => show::show(&show, &database).await?,
        Verb::Export(export) => export::export(&export, &database).await?,
        Verb::Create(create) => command::create(&create, &database).await?,
        Verb::Pay(pay) => command::pay(&pay, &database).await?,
        Verb::Command(command) => run_command::run_command(&command, &database).await?,
        Verb::Check(check) if check.category.is_some() => {
            check_category::check_category(&check, &database).await?
        }
        Verb::Check(check) => check::check(&check, &database).await?,
        Verb::Tail(tail) => return tail::tail(&tail, &database).await,
        Verb::Search(search) => return search::search(&search, &database).await,
        Verb::Projections(options) => projections::projections(&options, &database).await?,
        Verb::Parked(options) => parked::parked(&options, &database).await?,
        Verb::Doctor(doctor) => return doctor::doctor(&doctor, resolve).await,
    };
    database.note().iter().chain(&output.notes).for_each(|text| output::note(text));
    output.text.print()
}
