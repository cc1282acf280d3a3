//! What a person wants, and what was asked for once: each goes to where its state is.

use super::app::App;
use crate::app::asking::AskIntent;
use crate::app::intent::{Effect, Intent, TimeIntent, ViewIntent};
use crate::app::one_shot::Answer;
use crate::app::preview::Decided;
use crate::app::write::DecideAt;
use crate::store::Target;

impl App {
    /// The one door for what a person wants.
    pub fn apply(&mut self, intent: Intent) -> Vec<Effect> {
        let cursor = self.history.cursor();
        let passes = matches!(
            intent,
            Intent::Time(TimeIntent::Tick(_))
                | Intent::View(ViewIntent::TimePassed(_) | ViewIntent::SystemIsDark(_))
                | Intent::Ask(AskIntent::InView(_))
        );
        // What was said of the last action no longer matters to the next one.
        if !passes {
            self.view.notice.take_if(|notice| !notice.stays());
        }
        let mut effects = match intent {
            Intent::Connection(intent) => self.connection_intent(intent),
            Intent::List(intent) => self.list_intent(intent),
            Intent::Time(intent) => self.time_intent(&intent),
            Intent::View(intent) => self.view_intent(intent),
            Intent::Command(intent) => self.command_intent(intent),
            Intent::Definition(intent) => self.definition_intent(intent),
            Intent::Ask(intent) => self.ask_intent(intent),
            Intent::File(intent) => self.file_intent(intent),
            Intent::Database(intent) => self.database_intent(intent),
            Intent::Related(intent) => self.related_intent(intent),
            Intent::Lesson(intent) => self.lesson_intent(&intent),
            Intent::Show(intent) => self.show_intent(intent),
        };
        if !passes || cursor != self.history.cursor() {
            self.decided = Decided::default();
        }
        self.ask_on(&mut effects);
        effects
    }

    /// The door for what was asked for once.
    pub fn answer(&mut self, answer: Answer) -> Vec<Effect> {
        let mut effects = self.take_answer(answer);
        self.ask_on(&mut effects);
        effects
    }

    fn take_answer(&mut self, answer: Answer) -> Vec<Effect> {
        match answer {
            Answer::Reset(Ok(())) => return self.connect(Target::Sandbox),
            Answer::Reset(Err(why)) | Answer::Failed(why) => self.view.fail(why),
            Answer::Step(number, step) => self.view.probe.answer(number, step.map(|step| *step)),
            Answer::File(number, file) => self.view.file.answer(number, file),
            Answer::Password(number, found) => return self.looked_up(number, found),
            Answer::PasswordKept(kept) => self.password_kept(kept),
            Answer::PasswordForgotten(forgotten) => self.password_forgotten(forgotten),
            Answer::Exported(written) => self.exported(written),
            Answer::Imported(read) => return self.imported(read),
            Answer::DefinitionFile(chosen) => return self.definition_chosen(chosen),
            Answer::OtherDefinition(file, other) => self.other_definition(&file, other),
            Answer::HistoryFile(chosen) => return self.history_file_chosen(chosen),
            Answer::Opened(opened) => return self.file_opened(opened),
            Answer::ExportFile(stream, chosen) => self.export_to(stream, chosen),
            Answer::Definitions(definitions) => self.define(definitions),
            Answer::Journal(number, entries) => self.view.journal.answer(number, entries),
            Answer::Lessons(number, files) => self.lessons_read(number, files),
            Answer::LessonStep(run, result) => return self.step_performed(run, *result),
            Answer::HistoryWritten(written) => return self.history_written(written),
            Answer::PictureCopied => self.view.say("Copied a picture of the window."),
            Answer::PictureSaved(saved) => self.picture_saved(saved),
            Answer::Found(number, found) => self.found(number, found),
        }
        Vec::new()
    }

    pub(super) fn time_intent(&mut self, intent: &TimeIntent) -> Vec<Effect> {
        match *intent {
            TimeIntent::AsOf(at) => return self.as_of(at),
            TimeIntent::Changes { from, to } => return self.changes(from, to),
            _ => {}
        }
        let cursor = self.history.cursor();
        if let Err(why) = self.history.apply(intent) {
            self.view.say(why);
        }
        // What was said about the place left behind no longer holds.
        if cursor != self.history.cursor() && self.dock.decide_at == DecideAt::Playhead {
            self.dock.expect_as_decided();
        }
        Vec::new()
    }
}
