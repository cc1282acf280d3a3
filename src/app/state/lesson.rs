//! A lesson in the window: begun in the sandbox, stepped through, and left for where one stood.

use super::app::App;
use crate::app::before_lesson::BeforeLesson;
use crate::app::failure::Failure;
use crate::app::intent::{Dialog, Effect, Tab};
use crate::app::lesson::{LessonIntent, Lessons};
use crate::history::Cursor;
use crate::lesson::{self, Choices, Lesson, LessonFile, Outcome, Run, Shown};
use crate::record::StreamName;
use crate::store::Target;
use std::path::PathBuf;
use std::sync::Arc;
use uuid::Uuid;

impl App {
    /// With the folder of a person's own lessons.
    #[must_use]
    pub fn with_lessons_in(mut self, folder: PathBuf) -> Self {
        self.lessons.folder = folder;
        self
    }

    pub fn lessons(&self) -> &Lessons {
        &self.lessons
    }

    pub(super) fn lesson_intent(&mut self, intent: &LessonIntent) -> Vec<Effect> {
        let mut effects = Vec::new();
        match *intent {
            LessonIntent::Start(place) => {
                let lesson = self.lessons.offered().nth(place).cloned();
                effects = lesson.map(|lesson| self.start_lesson(lesson)).unwrap_or_default();
            }
            LessonIntent::Next => self.lessons.change(Run::forward),
            LessonIntent::Back => self.lessons.change(Run::back),
            LessonIntent::First => self.lessons.change(|run| run.go_to(0)),
            LessonIntent::Last => self.lessons.change(|run| run.go_to(usize::MAX)),
            LessonIntent::GoTo(step) => self.lessons.change(|run| run.go_to(step)),
            LessonIntent::StartAgain => self.lessons.change(|run| *run = run.again(Uuid::new_v4())),
            LessonIntent::Choose(step, expecting) => {
                self.lessons.change(|run| *run = run.chosen(step, expecting, Uuid::new_v4()));
            }
            LessonIntent::Retry => self.lessons.change(Run::retry),
            LessonIntent::OpenStream => effects = self.open_lesson_stream(),
            LessonIntent::Leave => effects = self.leave_lesson(),
        }
        self.go_on_with_lesson(&mut effects);
        effects
    }

    /// The list of lessons, with those of files as they are now.
    pub(super) fn open_lessons(&mut self) -> Vec<Effect> {
        let mut effects = self.view.open(Dialog::Lessons);
        effects.push(Effect::ReadLessons(self.lessons.ask()));
        effects
    }

    pub(super) fn lessons_read(&mut self, number: u64, files: Result<Vec<LessonFile>, Failure>) {
        match files {
            Ok(files) => self.lessons.answer(number, files),
            Err(why) => self.view.fail(why),
        }
    }

    fn start_lesson(&mut self, lesson: Arc<Lesson>) -> Vec<Effect> {
        self.view.close();
        let mut effects = Vec::new();
        let before = match self.before_lesson.take() {
            Some(before) => before,
            None => self.where_it_stands(),
        };
        if *self.target() != Target::Sandbox {
            effects = self.connect(Target::Sandbox);
        }
        self.leave_past();
        self.history.open(None);
        let run = Run::new(lesson, Choices::default(), Uuid::new_v4());
        self.lessons.run = Some(run);
        self.before_lesson = Some(before);
        effects
    }

    fn where_it_stands(&mut self) -> BeforeLesson {
        let moment = self.past.asked();
        self.leave_past();
        BeforeLesson {
            target: self.target().clone(),
            category: self.category().to_owned(),
            filter: self.streams.list.filter().to_owned(),
            facet: self.streams.list.facet(),
            tab: self.view.tab,
            history: std::mem::take(&mut self.history),
            moment,
            last_stream: self.settings.last_stream.clone(),
            last_place: self.settings.last_place.clone(),
        }
    }

    /// The step that is due, and the window where the step that is shown stands.
    fn go_on_with_lesson(&mut self, effects: &mut Vec<Effect>) {
        let Some(run) = &mut self.lessons.run else { return };
        if run.take_due() {
            effects.push(Effect::PerformStep(Box::new(run.clone())));
        }
        let Some(outcome) = run.outcome().cloned() else { return };
        let (stream, cursor) = match &outcome.shown {
            Shown::Window(viewed) => {
                self.view.tab = tab(viewed.tab);
                (&viewed.stream, viewed.revision.map_or(Cursor::Origin, Cursor::At))
            }
            Shown::Writers | Shown::Projection(_) | Shown::Folds(_) => (&outcome.stream, Cursor::Live),
        };
        match &mut self.history.opened {
            Some(opened) if opened.stream == *stream && !opened.is_former => opened.move_to(cursor),
            _ => self.open(stream.clone(), cursor),
        }
    }

    /// What a step of the run came to; one that was left or begun again is not waited for.
    pub(super) fn step_performed(
        &mut self,
        run: Uuid,
        result: Result<Outcome, lesson::Failure>,
    ) -> Vec<Effect> {
        let mut effects = Vec::new();
        if self.lessons.run().is_some_and(|running| running.id() == run) {
            self.lessons.change(|run| run.performed(result));
            self.go_on_with_lesson(&mut effects);
        }
        effects
    }

    fn end_lesson(&mut self) -> Option<BeforeLesson> {
        self.lessons.run = None;
        self.before_lesson.take()
    }

    /// The person went elsewhere: what the window stood on before is not gone back to.
    pub(super) fn abandon_lesson(&mut self) -> Vec<Effect> {
        let Some(before) = self.end_lesson() else { return Vec::new() };
        self.view.tab = before.tab;
        vec![Effect::EndLesson]
    }

    fn open_lesson_stream(&mut self) -> Vec<Effect> {
        let shown = self.opened().map(|opened| (opened.stream.clone(), opened.cursor()));
        let stream = self.lessons.run().and_then(|run| run.streams().first().cloned());
        let mut effects = self.abandon_lesson();
        let Some((stream, cursor)) = shown.or(stream.map(|stream| (stream, Cursor::Live))) else {
            return effects;
        };
        self.history.open(None);
        effects.extend(self.select(stream));
        self.history.opened.iter_mut().for_each(|opened| opened.move_to(cursor));
        effects
    }

    fn leave_lesson(&mut self) -> Vec<Effect> {
        let Some(before) = self.end_lesson() else { return Vec::new() };
        let mut effects = vec![Effect::EndLesson];
        self.view.tab = before.tab;
        if before.target == *self.target() {
            self.history = before.history;
            let ticket = self.ticket();
            if let Some(opened) = self.history.opened.as_mut().filter(|opened| !opened.is_former) {
                opened.renew(ticket, self.registry.for_stream(&opened.stream).clone());
            }
            self.settings.last_stream = before.last_stream;
        } else {
            self.settings.last_stream = before.last_stream;
            self.settings.last_place = before.last_place;
            let stood: Option<(StreamName, Cursor)> =
                before.history.opened.map(|opened| (opened.stream.clone(), opened.cursor()));
            effects.extend(self.reach(before.target));
            self.streams.list_category(&before.category, &self.registry);
            if let Some((stream, cursor)) = stood.filter(|_| self.opened().is_some()) {
                self.open(stream, cursor);
            }
            self.streams.list.set_filter(before.filter);
            self.streams.list.set_facet(before.facet);
        }
        if before.moment.is_some() {
            effects.extend(self.as_of(before.moment));
        }
        effects
    }
}

fn tab(tab: lesson::Tab) -> Tab {
    match tab {
        lesson::Tab::State => Tab::State,
        lesson::Tab::Changes => Tab::Changes,
        lesson::Tab::Event => Tab::Event,
        lesson::Tab::Compare => Tab::Compare,
    }
}
