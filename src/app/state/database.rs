//! The room of the database itself.

use super::app::App;
use crate::app::database::{Database, DatabaseIntent};
use crate::app::intent::{Dialog, Effect};
use crate::store::LogQuestions;

impl App {
    /// What the room shows.
    pub fn database(&self) -> &Database {
        &self.database
    }

    pub(super) fn open_database(&mut self) -> Vec<Effect> {
        let (tail, asked) = (self.ticket(), self.ticket());
        self.database.open(tail, asked);
        self.view.open(Dialog::Database)
    }

    pub(super) fn database_intent(&mut self, intent: DatabaseIntent) -> Vec<Effect> {
        let ticket = self.ticket();
        self.database.apply(intent, ticket);
        Vec::new()
    }

    /// Nothing while the room is closed.
    pub(super) fn log_questions(&self) -> LogQuestions {
        if self.dialog() == Some(&Dialog::Database) {
            self.database.questions()
        } else {
            LogQuestions::default()
        }
    }
}
