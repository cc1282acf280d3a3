//! What comes in before a frame is drawn: updates, answers, failures, files, and the picture of the frame before.

use super::one_shot::{self, OneShot};
use super::picture::Use;
use super::{Shell, dropped_file};
use crate::app::Answer;
use poll_promise::Promise;
use std::sync::Arc;
use std::task::{self, Poll};
use std::time::{Duration, Instant};

/// Updates taken in before a frame; the rest waits for the next one.
const BUDGET: usize = 64;
/// How long a frame takes them in at most, so that it is drawn in time.
const ABSORBING: Duration = Duration::from_millis(4);
impl Shell {
    pub(super) fn take_in(&mut self, ctx: &egui::Context) {
        self.take_updates(ctx);
        self.take_answers(ctx);
        self.take_failures(ctx);
        self.take_definitions(ctx);
        self.take_steps(ctx);
        self.take_picture(ctx);
    }

    /// What the store says, until a frame has spent its time on it; the rest waits for the next one.
    fn take_updates(&mut self, ctx: &egui::Context) {
        let began = Instant::now();
        for _ in 0..BUDGET {
            let Some(update) = self.store.next_update() else { return };
            let effects = self.app.absorb(update);
            self.perform(ctx, effects);
            if began.elapsed() > ABSORBING {
                break;
            }
        }
        ctx.request_repaint();
    }

    fn take_answers(&mut self, ctx: &egui::Context) {
        let (ready, waiting) = std::mem::take(&mut self.promises).into_iter().partition(one_shot::is_ready);
        self.promises = waiting;
        let ready: Vec<Promise<Answer>> = ready;
        for answer in ready.into_iter().filter_map(|promise| promise.try_take().ok()) {
            let effects = self.app.answer(answer);
            self.perform(ctx, effects);
        }
    }

    /// What fails by itself wakes the window.
    fn take_failures(&mut self, ctx: &egui::Context) {
        let waker = self.waker.clone();
        let mut task = task::Context::from_waker(&waker);
        while let Poll::Ready(Some(why)) = self.failures.poll_recv(&mut task) {
            let effects = self.app.answer(Answer::Failed(why));
            self.perform(ctx, effects);
        }
    }

    /// Definitions that were read again, and files that were dropped on the window.
    fn take_definitions(&mut self, ctx: &egui::Context) {
        if let Some(definitions) = self.definitions.changed() {
            let effects = self.app.answer(Answer::Definitions(definitions));
            self.perform(ctx, effects);
        }
        let dropped = ctx.input(|input| input.raw.dropped_files.clone());
        for file in dropped {
            self.apply(ctx, dropped_file::intent(file.path().to_owned()));
        }
    }

    /// The lines of the connection test that were told since; one that was forgotten ends.
    fn take_steps(&mut self, ctx: &egui::Context) {
        if self.test.as_ref().is_some_and(|(number, _)| *number != self.app.probe().number()) {
            self.test = None;
        }
        while let Some((number, test)) = &mut self.test
            && let Poll::Ready(step) = test.try_next()
        {
            let (number, is_last) = (*number, step.is_none());
            let effects = self.app.answer(Answer::Step(number, step.map(Box::new)));
            self.perform(ctx, effects);
            if is_last {
                self.test = None;
            }
        }
    }

    fn take_picture(&mut self, ctx: &egui::Context) {
        match self.picture.ready() {
            Some((Use::Copied, image)) => {
                ctx.copy_image(Arc::unwrap_or_clone(image));
                let effects = self.app.answer(Answer::PictureCopied);
                self.perform(ctx, effects);
            }
            Some((Use::Saved, image)) => self.start(ctx, OneShot::SavePicture(image)),
            None => {}
        }
    }
}
