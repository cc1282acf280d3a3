//! The frame loop: updates in, intents applied, effects done.

pub mod connection_files;
mod dropped_file;
mod face;
mod lesson_runner;
mod list_time;
mod look;
mod one_shot;
mod options;
mod picture;
mod repaint;
mod start_times;
mod watched_definitions;

pub use one_shot::{OpenFile, Reset};
pub use options::Options;

use crate::aggregate::BUILT_IN;
use crate::app::{
    Answer, App, ConnectionIntent, Effect, Failure, Intent, ListIntent, Notice, TimeIntent, ViewIntent,
};
use crate::lesson;
use crate::sentences;
use crate::store::{self, ConnectionTest, Store};
use crate::ui;
use face::Face;
use lesson_runner::LessonRunner;
use look::Look;
use one_shot::OneShot;
use picture::{Picture, Use};
use poll_promise::Promise;
use repaint::Repaint;
use start_times::StartTimes;
use std::sync::Arc;
use std::task::{self, Poll, Waker};
use std::time::{Duration, Instant};
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use watched_definitions::WatchedDefinitions;

/// Updates taken in before a frame; the rest waits for the next one.
const BUDGET: usize = 64;
/// How long a frame takes them in at most, so that it is drawn in time.
const ABSORBING: Duration = Duration::from_millis(4);
/// The window's storage in the data folder.
pub const STORAGE: &str = "window.ron";
/// Under which the window's storage keeps the settings.
pub const SETTINGS: &str = "settings";

/// Opens the window and returns when it is closed.
pub fn open(options: Options) -> eframe::Result<()> {
    let viewport = egui::ViewportBuilder::default()
        .with_app_id("hindsight")
        .with_title("Hindsight")
        .with_icon(ui::window_icon(ui::Place::Sandbox))
        .with_inner_size([1280.0, 800.0])
        .with_min_inner_size([900.0, 600.0]);
    let native = eframe::NativeOptions {
        viewport,
        renderer: eframe::Renderer::Glow,
        persistence_path: Some(options.data_dir.join(STORAGE)),
        ..Default::default()
    };
    eframe::run_native("hindsight", native, Box::new(|cc| Ok(Box::new(Shell::new(cc, options)))))
}

/// The window; public so that tests drive the real one.
pub struct Shell {
    app: App,
    store: Store,
    kept: ui::Kept,
    journal: store::Journal,
    runtime: Handle,
    reset: Reset,
    open_file: OpenFile,
    lessons: LessonRunner,
    /// Leads to the sandbox.
    resolve: store::Resolve,
    /// One-shot work, until it is answered.
    promises: Vec<Promise<Answer>>,
    failures: mpsc::Receiver<Failure>,
    definitions: WatchedDefinitions,
    waker: Waker,
    /// The connection test that is waited for, with its number.
    test: Option<(u64, ConnectionTest)>,
    save: bool,
    picture: Picture,
    look: Look,
    start: StartTimes,
    face: Face,
    last_tick: Option<Instant>,
    /// Since when the notice could be read; `None` while there is none or the mouse holds it.
    read_since: Option<Instant>,
}

impl Shell {
    pub fn new(cc: &eframe::CreationContext<'_>, options: Options) -> Self {
        ui::theme::install(&cc.egui_ctx);
        cc.egui_ctx.add_plugin(ui::FocusSteps::default());
        let settings = options.settings;
        let ctx = cc.egui_ctx.clone();
        let journal = store::Journal::in_folder(&options.data_dir, sentences::append_error);
        let store = Store::keeping(
            &options.runtime,
            options.resolve.clone(),
            Some(journal.clone()),
            Some(store::KeptLists::in_folder(&options.data_dir)),
            Arc::new(move || ctx.request_repaint()),
        );
        let look = Look::new(&cc.egui_ctx, &settings);
        let definitions = options.definitions.definitions().clone();
        let app = App::defined_by(
            definitions,
            options.definition_files.folders.clone(),
            options.target.clone(),
            BUILT_IN,
            settings,
        );
        let ctx = cc.egui_ctx.clone();
        let definitions = WatchedDefinitions::start(
            &options.runtime,
            options.definitions,
            options.definition_files,
            move || ctx.request_repaint(),
        );
        let mut shell = Self {
            app: app
                .signed(store::here())
                .beginning_at(options.first_look.clone())
                .with_lessons_in(options.data_dir.join(lesson::FOLDER)),
            definitions,
            store,
            kept: ui::Kept::default(),
            journal,
            runtime: options.runtime,
            reset: options.reset,
            open_file: options.open_file,
            lessons: LessonRunner::default(),
            resolve: options.resolve,
            promises: Vec::new(),
            failures: options.failures,
            waker: Arc::new(Repaint::new(&cc.egui_ctx)).into(),
            test: None,
            save: false,
            picture: Picture::default(),
            look,
            start: StartTimes::since(options.started),
            face: Face::default(),
            last_tick: None,
            read_since: None,
        };
        shell.apply(&cc.egui_ctx, Intent::Connection(ConnectionIntent::Connect(options.target)));
        // One that was asked for on the command line counts more than the one that was listed last.
        if let Some(category) = options.category {
            shell.apply(&cc.egui_ctx, Intent::List(ListIntent::Category(category)));
        }
        let first = options.first_look.map(|first| (first.stream, Some(first.at)));
        if let Some((stream, at)) = options.stream.map(|stream| (stream, options.at)).or(first) {
            shell.apply(&cc.egui_ctx, Intent::List(ListIntent::Select(stream)));
            if let Some(revision) = at {
                shell.apply(&cc.egui_ctx, Intent::Time(TimeIntent::GoTo(revision)));
            }
        }
        if let Some(why) = shell.app.definition_fault() {
            drop(shell.app.answer(Answer::Failed(why)));
        }
        shell
    }

    fn apply(&mut self, ctx: &egui::Context, intent: Intent) {
        let effects = self.app.apply(intent);
        self.perform(ctx, effects);
    }

    fn perform(&mut self, ctx: &egui::Context, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Append(write) => {
                    let taken = self.store.try_append(write.request()).is_ok();
                    self.app.sent(*write, taken);
                }
                Effect::Copy(text) => ctx.copy_text(text),
                Effect::ResetSandbox => self.start(ctx, OneShot::Reset(self.reset.clone())),
                Effect::Probe(number, string, category) => {
                    let ctx = ctx.clone();
                    let wake = Arc::new(move || ctx.request_repaint());
                    self.test = Some((number, ConnectionTest::start(string, category, wake)));
                }
                Effect::ChooseFile(number) => self.start(ctx, OneShot::ChooseFile(number)),
                Effect::ReadJournal(number) => {
                    self.start(ctx, OneShot::ReadJournal(number, self.journal.clone()));
                }
                Effect::ExportConnections(text) => self.start(ctx, OneShot::Export(text)),
                Effect::ImportConnections => self.start(ctx, OneShot::Import),
                Effect::ReadPassword(number, entry) => self.start(ctx, OneShot::ReadPassword(number, entry)),
                Effect::KeepPassword(entry, password) => {
                    self.start(ctx, OneShot::KeepPassword(entry, password));
                }
                Effect::ForgetPassword(entry) => self.start(ctx, OneShot::ForgetPassword(entry)),
                Effect::ChooseDefinition => self.start(ctx, OneShot::ChooseDefinition),
                Effect::ChooseOtherDefinition(one) => {
                    self.start(ctx, OneShot::ChooseOtherDefinition(one));
                }
                Effect::ChooseHistory => self.start(ctx, OneShot::ChooseHistory),
                Effect::ChooseExport(stream, name) => self.start(ctx, OneShot::ChooseExport(stream, name)),
                Effect::OpenHistory(file) => {
                    self.start(ctx, OneShot::OpenHistory(file, self.open_file.clone()));
                }
                Effect::WatchDefinitions(files) => self.definitions.watch(files),
                Effect::ReadLessons(number) => {
                    let folder = self.app.lessons().folder().to_owned();
                    self.start(ctx, OneShot::ReadLessons(number, folder));
                }
                Effect::PerformStep(run) => {
                    let journal = Some(self.journal.clone());
                    let sandbox = lesson::Sandbox::new(self.app.target(), self.resolve.clone(), journal);
                    self.start(ctx, OneShot::PerformStep(self.lessons.clone(), sandbox, run));
                }
                Effect::EndLesson => self.lessons.end(&self.runtime),
                Effect::Ask(work) => self.start(ctx, OneShot::Ask(work)),
                Effect::WriteHistory(text) => self.start(ctx, OneShot::WriteHistory(text)),
                Effect::CopyPicture => self.picture.ask(ctx, &self.waker, Use::Copied),
                Effect::SavePicture => self.picture.ask(ctx, &self.waker, Use::Saved),
                Effect::Save => self.save = true,
            }
        }
        // A login whose password is not there yet is not tried.
        if self.app.is_asked() {
            self.store.aim(&self.app.goal());
        }
        self.face.may_change();
    }

    /// Work that is answered once: kept here until it is.
    fn start(&mut self, ctx: &egui::Context, work: OneShot) {
        self.promises.push(work.promise(&self.runtime, ctx));
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

    fn tick(&mut self, ctx: &egui::Context) {
        if !self.app.playback().playing {
            self.last_tick = None;
            return;
        }
        let now = Instant::now();
        let gone = self.last_tick.replace(now).map_or(0.0, |last| (now - last).as_secs_f64());
        self.apply(ctx, Intent::Time(TimeIntent::Tick(gone)));
        ctx.request_repaint_after(Duration::from_millis(33));
    }

    /// Wakes again when the notice goes.
    fn age_notice(&mut self, ctx: &egui::Context) {
        if let Some(since) = self.read_since.take() {
            self.apply(ctx, Intent::View(ViewIntent::TimePassed(since.elapsed())));
        }
        let left = self.app.notice().and_then(Notice::left);
        if let Some(left) = left.filter(|_| !ui::status_bar::holds_notice(ctx)) {
            self.read_since = Some(Instant::now());
            ctx.request_repaint_after(left);
        }
    }
}

impl eframe::App for Shell {
    fn logic(&mut self, ctx: &egui::Context, _frame: &mut eframe::Frame) {
        self.take_updates(ctx);
        self.take_answers(ctx);
        self.take_failures(ctx);
        self.take_definitions(ctx);
        self.take_steps(ctx);
        self.take_picture(ctx);
        if let Some(intent) = self.look.system_changed(ctx) {
            self.apply(ctx, intent);
        }
        self.tick(ctx);
        self.age_notice(ctx);
        if let Some(intent) = list_time::due(ctx, &self.app) {
            self.apply(ctx, intent);
        }
        self.face.follow(ctx, &self.app);
        ctx.request_repaint_after(ui::stands_for(&self.app));
    }

    fn ui(&mut self, ui: &mut egui::Ui, frame: &mut eframe::Frame) {
        self.app.refresh();
        let mut out = Vec::new();
        ui::window(ui, &self.app, &mut self.kept, &mut out);
        let ctx = ui.ctx().clone();
        let waits = self.kept.waits() || ui::FocusSteps::wait(&ctx);
        if !out.is_empty() || waits || self.app.list().goes_on() {
            ctx.request_repaint();
        }
        for intent in out {
            self.apply(&ctx, intent);
        }
        self.look.follow(&ctx, &self.app);
        if let Some(left) = self.kept.changes_in(&ctx) {
            ctx.request_repaint_after(left);
        }
        if std::mem::take(&mut self.save)
            && let Some(storage) = frame.storage_mut()
        {
            eframe::set_value(storage, SETTINGS, &self.app.settings());
            storage.flush();
        }
        self.start.note(&self.app);
    }

    fn save(&mut self, storage: &mut dyn eframe::Storage) {
        eframe::set_value(storage, SETTINGS, &self.app.settings());
    }

    fn on_exit(&mut self, _: Option<&eframe::glow::Context>) {
        self.lessons.end_now(&self.runtime);
    }
}
