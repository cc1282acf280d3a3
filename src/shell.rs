//! The frame loop: updates in, intents applied, effects done.

use crate::app::{App, ConnectionIntent, Effect, Intent, ListIntent, Notice, Settings, Theme, TimeIntent};
use crate::record::{Revision, StreamName};
use crate::store::{self, Connection, Store, Target};
use crate::ui::{self, dialogs::connect::Ask};
use futures::future::BoxFuture;
use poll_promise::Promise;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::runtime::Handle;

/// Updates taken in before a frame; the rest waits for the next one.
const BUDGET: usize = 64;
const SETTINGS: &str = "settings";

/// Throws the sandbox's events away and fills it anew.
pub type Reset = Arc<dyn Fn() -> BoxFuture<'static, Result<(), String>> + Send + Sync>;

/// With what the window opens.
pub struct Options {
    pub target: Target,
    pub stream: Option<StreamName>,
    pub at: Option<Revision>,
    pub category: String,
    pub runtime: Handle,
    pub resolve: store::Resolve,
    pub reset: Reset,
    pub data_dir: PathBuf,
    pub started: Instant,
}

/// Opens the window and returns when it is closed.
pub fn open(options: Options) -> eframe::Result<()> {
    let viewport = egui::ViewportBuilder::default()
        .with_app_id("hindsight")
        .with_title("Hindsight")
        .with_inner_size([1280.0, 800.0])
        .with_min_inner_size([900.0, 600.0]);
    let native = eframe::NativeOptions {
        viewport,
        renderer: eframe::Renderer::Glow,
        persistence_path: Some(options.data_dir.join("window.ron")),
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
    theme: Theme,
    runtime: Handle,
    reset: Reset,
    resetting: Option<Promise<Done<()>>>,
    save: bool,
    started: Instant,
    first_frame: bool,
    listed: bool,
    last_tick: Option<Instant>,
    /// Since when the notice could be read; `None` while there is none or the mouse holds it.
    read_since: Option<Instant>,
}

impl Shell {
    pub fn new(cc: &eframe::CreationContext<'_>, options: Options) -> Self {
        ui::theme::install(&cc.egui_ctx);
        let settings: Settings =
            cc.storage.and_then(|storage| eframe::get_value(storage, SETTINGS)).unwrap_or_default();
        let settings = settings.without_secrets();
        ui::theme::follow(&cc.egui_ctx, settings.theme);
        let ctx = cc.egui_ctx.clone();
        let journal = store::Journal::in_folder(&options.data_dir);
        let store = Store::start(
            &options.runtime,
            options.resolve,
            Some(journal.clone()),
            Arc::new(move || ctx.request_repaint()),
        );
        let theme = settings.theme;
        let mut shell = Self {
            app: App::new(options.target.clone(), &options.category, settings),
            store,
            kept: ui::Kept::default(),
            journal,
            theme,
            runtime: options.runtime,
            reset: options.reset,
            resetting: None,
            save: false,
            started: options.started,
            first_frame: true,
            listed: false,
            last_tick: None,
            read_since: None,
        };
        shell.app.session = store::here();
        shell.apply(&cc.egui_ctx, Intent::Connection(ConnectionIntent::Connect(options.target)));
        if let Some(stream) = options.stream {
            shell.apply(&cc.egui_ctx, Intent::List(ListIntent::Select(stream)));
            if let Some(revision) = options.at {
                shell.apply(&cc.egui_ctx, Intent::Time(TimeIntent::GoTo(revision)));
            }
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
                Effect::ResetSandbox => self.start_reset(ctx),
                Effect::Save => self.save = true,
            }
        }
        self.store.aim(&self.app.goal());
    }

    fn start_reset(&mut self, ctx: &egui::Context) {
        let reset = self.reset.clone();
        let work = async move { reset().await };
        self.resetting = Some(promise(&self.runtime, ctx, "resetting the sandbox", work));
    }

    fn finish_reset(&mut self, ctx: &egui::Context) {
        if self.resetting.as_ref().is_none_or(|reset| reset.ready().is_none()) {
            return;
        }
        match self.resetting.take().map(Promise::try_take) {
            Some(Ok(Ok(()))) => {
                self.apply(ctx, Intent::Connection(ConnectionIntent::Connect(Target::Sandbox)));
            }
            Some(Ok(Err(why))) => self.app.notice = Some(Notice::failure(why)),
            Some(Err(_)) | None => {}
        }
    }

    /// What the connect dialog asked for.
    fn start_asked(&mut self, ctx: &egui::Context) {
        match self.kept.dialogs.connect.asked.take() {
            Some(Ask::Test) => {
                let string = store::ConnectionString::from(self.kept.dialogs.connect.text.as_str());
                let work = async move { store::probe(string).await.map_err(|error| error.to_string()) };
                self.kept.dialogs.connect.probe =
                    Some(promise(&self.runtime, ctx, "testing the connection", work));
            }
            Some(Ask::ChooseAuthority) => {
                let dialog = rfd::AsyncFileDialog::new().set_title("CA file (PEM)").pick_file();
                let work = async move { Ok(dialog.await.map(|file| file.path().display().to_string())) };
                self.kept.dialogs.connect.authority =
                    Some(promise(&self.runtime, ctx, "choosing a file", work));
            }
            None => {}
        }
    }

    /// The journal is a file: it is read beside the frames.
    fn read_journal(&mut self, ctx: &egui::Context) {
        if !std::mem::take(&mut self.kept.dialogs.journal.asked) {
            return;
        }
        let journal = self.journal.clone();
        let work = async move {
            let read = tokio::task::spawn_blocking(move || journal.entries()).await;
            read.unwrap_or_else(|error| Err(format!("The journal cannot be read: {error}.")))
        };
        self.kept.dialogs.journal.read = Some(promise(&self.runtime, ctx, "reading the journal", work));
    }

    fn tick(&mut self, ctx: &egui::Context) {
        if !self.app.playback.playing {
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
        let now = Instant::now();
        let since = self.read_since.take();
        self.app.pass(since.map_or(Duration::ZERO, |since| now - since));
        let left = self.app.notice.as_ref().and_then(Notice::left);
        if let Some(left) = left.filter(|_| !ui::status_bar::holds_notice(ctx)) {
            self.read_since = Some(now);
            ctx.request_repaint_after(left);
        }
    }

    fn schedule(&self, ctx: &egui::Context) {
        let waiting = matches!(self.app.connection, Connection::Waiting { .. });
        // The age of the last answer is shown once it is over this.
        let silent = self.app.answered.is_some_and(|at| at.elapsed() > ui::status_bar::QUIET);
        let online = matches!(self.app.connection, Connection::Online { .. });
        let seconds = if waiting || (online && silent) {
            1
        } else if online {
            4
        } else {
            30
        };
        ctx.request_repaint_after(Duration::from_secs(seconds));
    }

    fn note_times(&mut self) {
        let gone = self.started.elapsed().as_millis();
        if std::mem::take(&mut self.first_frame) {
            tracing::info!("first frame after {gone} ms");
        }
        if !self.listed && self.app.listing.caught_up {
            self.listed = true;
            tracing::info!("list filled after {gone} ms");
        }
    }
}

/// What one-shot work ends with; the error is a sentence.
type Done<T> = Result<T, String>;

/// Runs the work and wakes the window when it is done; a panic in it is an answer like another.
fn promise<T: Send + 'static>(
    runtime: &Handle,
    ctx: &egui::Context,
    what: &'static str,
    work: impl Future<Output = Done<T>> + Send + 'static,
) -> Promise<Done<T>> {
    let (sender, promise) = Promise::new();
    let ctx = ctx.clone();
    let working = runtime.spawn(work);
    runtime.spawn(async move {
        let done = working.await.unwrap_or_else(|_| Err(store::StoreError::Internal(what).to_string()));
        sender.send(done);
        ctx.request_repaint();
    });
    promise
}

impl eframe::App for Shell {
    fn logic(&mut self, ctx: &egui::Context, _frame: &mut eframe::Frame) {
        let updates = self.store.drain(BUDGET);
        if updates.len() == BUDGET {
            ctx.request_repaint();
        }
        for update in updates {
            let effects = self.app.absorb(update);
            self.perform(ctx, effects);
        }
        self.finish_reset(ctx);
        self.tick(ctx);
        self.age_notice(ctx);
        self.schedule(ctx);
    }

    fn ui(&mut self, ui: &mut egui::Ui, frame: &mut eframe::Frame) {
        self.app.list.refresh();
        let mut out = Vec::new();
        ui::window(ui, &self.app, &mut self.kept, &mut out);
        let ctx = ui.ctx().clone();
        if !out.is_empty() || self.kept.waits() {
            ctx.request_repaint();
        }
        for intent in out {
            self.apply(&ctx, intent);
        }
        self.start_asked(&ctx);
        self.read_journal(&ctx);
        if self.theme != self.app.settings.theme {
            self.theme = self.app.settings.theme;
            ui::theme::follow(&ctx, self.theme);
        }
        if std::mem::take(&mut self.save)
            && let Some(storage) = frame.storage_mut()
        {
            eframe::set_value(storage, SETTINGS, &self.app.settings);
            storage.flush();
        }
        self.note_times();
    }

    fn save(&mut self, storage: &mut dyn eframe::Storage) {
        eframe::set_value(storage, SETTINGS, &self.app.settings);
    }
}
