//! The tasks beside the list: each does what the goal asks for, while the connection holds.

use super::Worker;
use crate::decision::Append;
use crate::store::grpc::Session;
use crate::store::listing::categories;
use crate::store::listing::past::answers;
use crate::store::writing::Writer;
use crate::store::{Target, Ticket, comparison, export, problems, related, stream_subscription};

impl Worker {
    /// Begins all of them, on a new connection.
    pub(super) fn begin_asked(&mut self, session: Session) {
        self.answer_of_past(session);
        self.follow();
        self.count_categories();
        self.compare();
        self.export();
        self.look_for_related();
        self.look_for_unknown();
    }

    /// The connection, where there is one.
    fn session(&self) -> Option<Session> {
        self.online.as_ref().map(|writer| writer.session().clone())
    }

    /// Follows the opened stream, and no other.
    pub(super) fn follow(&mut self) {
        let is_stopped = self.goal.as_ref().is_some_and(|goal| goal.stopped);
        let followed = self.followed.clone().filter(|_| !is_stopped);
        let (out, retry) = (self.out.clone(), self.retry.subscribe());
        let task = self.session().zip(followed);
        let task = task.map(|(session, followed)| stream_subscription::follow(session, followed, out, retry));
        self.stream_task.begin(&mut self.tasks, task);
    }

    /// Counts the categories while they are asked for.
    pub(super) fn count_categories(&mut self) {
        let is_asked = self.goal.as_ref().is_some_and(|goal| goal.categories);
        let (out, retry) = (self.out.clone(), self.retry.subscribe());
        let task = self.session().filter(|_| is_asked).map(|session| categories::count(session, out, retry));
        self.categories_task.begin(&mut self.tasks, task);
    }

    /// Compares what is to be compared, and nothing else.
    pub(super) fn compare(&mut self) {
        let folds = self.goal.as_ref().and_then(|goal| goal.comparison.clone());
        let out = self.out.clone();
        let task = self.session().zip(folds);
        let task = task.map(|(session, folds)| comparison::compare(session, folds, out));
        self.comparison_task.begin(&mut self.tasks, task);
    }

    /// Turns to what is asked of the database itself.
    pub(super) fn ask_log(&mut self) {
        let questions = self.goal.as_ref().map(|goal| goal.log.clone()).unwrap_or_default();
        let session = self.online.as_ref().map(Writer::session);
        self.log.turn_to(questions, session, &mut self.tasks, &self.out);
    }

    /// Answers what is asked of the past of the category.
    fn answer_of_past(&mut self, session: Session) {
        let Some(goal) = &self.goal else { return };
        let folds = (goal.category.clone(), goal.registry.clone());
        let (held, questions) = (self.past.clone(), self.questions.subscribe());
        let search =
            problems::answer(session.clone(), goal.registry.clone(), questions.clone(), self.out.clone());
        self.tasks.spawn(search);
        self.tasks.spawn(answers::answer(session, held, folds, questions, self.out.clone()));
    }

    /// Looks for what belongs together where that is asked, and for nothing else.
    pub(super) fn look_for_related(&mut self) {
        let question = self.goal.as_ref().and_then(|goal| goal.related.clone());
        let out = self.out.clone();
        let task = self.session().zip(question);
        let task = task.map(|(session, question)| related::look(session, question, out));
        self.related_task.begin(&mut self.tasks, task);
    }

    /// Writes the file that is wanted, and no other.
    pub(super) fn export(&mut self) {
        let wanted = self.goal.as_ref().and_then(|goal| goal.export.clone());
        let served = match self.goal.as_ref().map(|goal| &goal.target) {
            Some(Target::File(file)) => Some(file.head().clone()),
            Some(Target::Sandbox | Target::Server(_)) | None => None,
        };
        let out = self.out.clone();
        let task = self.session().zip(wanted);
        let task = task.map(|(session, wanted)| export::export(session, wanted, served, out));
        self.export_task.begin(&mut self.tasks, task);
    }

    /// Looks for each write of unknown fate, and for no other.
    pub(super) fn look_for_unknown(&mut self) {
        let wanted: &[(Ticket, Append)] = self.goal.as_ref().map_or(&[], |goal| &goal.unknown);
        self.sending.look_for(wanted, self.online.as_ref(), &self.out);
    }
}
