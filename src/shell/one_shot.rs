//! Work that is asked for once and answered once, beside the frames.

use super::lesson_runner::{LessonRunner, failed};
use super::{connection_files, picture};
use crate::aggregate::script::Definition;
use crate::app::{Answer, Failure, HistoryText, Password, Work};
use crate::definition_files;
use crate::keyring;
use crate::lesson::{self, NotSandbox, Run, Sandbox};
use crate::record::StreamName;
use crate::record::history_file::HistoryFileFault;
use crate::store::{Journal, SandboxFault, ServedFile, StoreError};
use futures::future::BoxFuture;
use poll_promise::Promise;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::runtime::Handle;

/// Throws the sandbox's events away and fills it anew.
pub type Reset = Arc<dyn Fn() -> BoxFuture<'static, Result<(), SandboxFault>> + Send + Sync>;

/// How long one piece of work on a history takes, so that how far it is can be told.
const PIECE: Duration = Duration::from_millis(100);
/// Reads a history file and serves it.
pub type OpenFile =
    Arc<dyn Fn(PathBuf) -> BoxFuture<'static, Result<ServedFile, HistoryFileFault>> + Send + Sync>;

/// An effect that is answered.
pub enum OneShot {
    Reset(Reset),
    ChooseFile(u64),
    ChooseDefinition,
    ChooseOtherDefinition(Arc<str>),
    ChooseHistory,
    ChooseExport(StreamName, String),
    OpenHistory(PathBuf, OpenFile),
    ReadJournal(u64, Journal),
    Export(String),
    Import,
    ReadPassword(u64, String),
    KeepPassword(String, Password),
    ForgetPassword(String),
    Ask(Box<Work>),
    ReadLessons(u64, PathBuf),
    PerformStep(LessonRunner, Result<Sandbox, NotSandbox>, Box<Run>),
    WriteHistory(Box<HistoryText>),
    SavePicture(Arc<egui::ColorImage>),
}

impl OneShot {
    pub fn promise(self, runtime: &Handle, ctx: &egui::Context) -> Promise<Answer> {
        match self {
            Self::Reset(reset) => {
                let work = async move { reset().await.map_err(Failure::from) };
                promise(runtime, ctx, "resetting the sandbox", work, Answer::Reset)
            }
            Self::ChooseFile(number) => {
                let dialog = rfd::AsyncFileDialog::new().set_title("CA file (PEM)").pick_file();
                let work = async move { Ok(dialog.await.map(|file| file.path().display().to_string())) };
                promise(runtime, ctx, "choosing a file", work, move |file| Answer::File(number, file))
            }
            Self::ChooseDefinition => {
                let dialog = rfd::AsyncFileDialog::new().add_filter("Definition", &["js"]).pick_file();
                let work = async move { Ok(dialog.await.map(|file| file.path().to_owned())) };
                promise(runtime, ctx, "choosing a file", work, Answer::DefinitionFile)
            }
            Self::ChooseHistory => {
                let dialog = rfd::AsyncFileDialog::new().add_filter("History", &["jsonl"]).pick_file();
                let work = async move { Ok(dialog.await.map(|file| file.path().to_owned())) };
                promise(runtime, ctx, "choosing a file", work, Answer::HistoryFile)
            }
            Self::ChooseExport(stream, name) => {
                let dialog = rfd::AsyncFileDialog::new().set_file_name(name).save_file();
                let work = async move { Ok(dialog.await.map(|file| file.path().to_owned())) };
                let answer = move |file| Answer::ExportFile(stream, file);
                promise(runtime, ctx, "choosing a file", work, answer)
            }
            Self::OpenHistory(file, open) => {
                let work = async move {
                    open(file.clone()).await.map_err(|fault| Failure::HistoryFile(file, fault))
                };
                promise(runtime, ctx, "opening the file", work, Answer::Opened)
            }
            Self::ChooseOtherDefinition(one) => {
                let what = "reading the definition";
                let dialog = rfd::AsyncFileDialog::new().add_filter("Definition", &["js"]).pick_file();
                let work = chosen(what, dialog, definition);
                promise(runtime, ctx, what, work, move |other| Answer::OtherDefinition(one, other))
            }
            Self::ReadJournal(number, journal) => {
                let what = "reading the journal";
                let work = blocking(what, move || journal.entries().map_err(Failure::from));
                promise(runtime, ctx, what, work, move |read| Answer::Journal(number, read))
            }
            Self::Export(text) => {
                let what = "exporting the connections";
                let dialog =
                    rfd::AsyncFileDialog::new().set_file_name("hindsight-connections.json").save_file();
                let work = chosen(what, dialog, move |file| {
                    connection_files::replace(file, &text)?;
                    Ok(file.to_owned())
                });
                promise(runtime, ctx, what, work, Answer::Exported)
            }
            Self::ReadPassword(number, entry) => {
                let what = "reading the keyring";
                let work = blocking(what, move || keyring::read(&entry).map_err(Failure::from));
                promise(runtime, ctx, what, work, move |found| Answer::Password(number, found))
            }
            Self::KeepPassword(entry, password) => {
                let what = "writing to the keyring";
                let work = blocking(what, move || keyring::keep(&entry, &password).map_err(Failure::from));
                promise(runtime, ctx, what, work, Answer::PasswordKept)
            }
            Self::ForgetPassword(entry) => {
                let what = "writing to the keyring";
                let work = blocking(what, move || keyring::forget(&entry).map_err(Failure::from));
                promise(runtime, ctx, what, work, Answer::PasswordForgotten)
            }
            Self::Ask(work) => {
                let (what, number) = ("working out the stream's past", work.number());
                let until = Instant::now() + PIECE;
                let work = blocking(what, move || Ok(work.done(&mut || Instant::now() < until)));
                promise(runtime, ctx, what, work, move |found| Answer::Found(number, found))
            }
            Self::ReadLessons(number, folder) => {
                let what = "reading the lessons";
                let work = blocking(what, move || Ok(lesson::in_folder(&folder)));
                promise(runtime, ctx, what, work, move |files| Answer::Lessons(number, files))
            }
            Self::PerformStep(lessons, sandbox, run) => perform(lessons, sandbox, *run, runtime, ctx),
            Self::WriteHistory(text) => {
                let what = "writing the history";
                promise(runtime, ctx, what, blocking(what, || Ok(text.written())), Answer::HistoryWritten)
            }
            Self::SavePicture(image) => save_picture(runtime, ctx, image),
            Self::Import => import(runtime, ctx),
        }
    }
}

fn perform(
    lessons: LessonRunner,
    sandbox: Result<Sandbox, NotSandbox>,
    run: Run,
    runtime: &Handle,
    ctx: &egui::Context,
) -> Promise<Answer> {
    let what = "doing a step";
    let (id, fault) = (run.id(), failed(what, &run));
    let work = async move { Ok(lessons.perform(sandbox, run).await) };
    promise(runtime, ctx, what, work, move |done| {
        Answer::LessonStep(id, Box::new(done.unwrap_or(Err(fault))))
    })
}

/// Asks for a file, and writes the picture into it.
fn save_picture(runtime: &Handle, ctx: &egui::Context, image: Arc<egui::ColorImage>) -> Promise<Answer> {
    let what = "writing the picture";
    let dialog = rfd::AsyncFileDialog::new().set_file_name("hindsight.png").save_file();
    let work = chosen(what, dialog, move |file| picture::write(&image, file).map(|()| file.to_owned()));
    promise(runtime, ctx, what, work, Answer::PictureSaved)
}

/// Asks for a file, and reads the connections in it.
fn import(runtime: &Handle, ctx: &egui::Context) -> Promise<Answer> {
    let what = "importing connections";
    let dialog = rfd::AsyncFileDialog::new().add_filter("Connections", &["json"]).pick_file();
    let work = chosen(what, dialog, |file| Ok(connection_files::read(file)?));
    promise(runtime, ctx, what, work, Answer::Imported)
}

pub fn is_ready(promise: &Promise<Answer>) -> bool {
    promise.ready().is_some()
}

fn definition(file: &Path) -> Result<Arc<Definition>, Failure> {
    let read = definition_files::script(file).and_then(Definition::read);
    let failure = |fault| {
        let (file, fault) = (definition_files::name(file), Arc::new(fault));
        Failure::Definition { file, fault, counts: false }
    };
    read.map(Arc::new).map_err(failure)
}

/// Work on the file that the dialog names; none where it is closed without one.
async fn chosen<T: Send + 'static>(
    what: &'static str,
    dialog: impl Future<Output = Option<rfd::FileHandle>>,
    work: impl FnOnce(&Path) -> Result<T, Failure> + Send + 'static,
) -> Result<Option<T>, Failure> {
    let Some(chosen) = dialog.await else { return Ok(None) };
    let file = chosen.path().to_owned();
    blocking(what, move || work(&file).map(Some)).await
}

/// Work on a file, on a thread that may wait.
async fn blocking<T: Send + 'static>(
    what: &'static str,
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    tokio::task::spawn_blocking(work).await.map_err(|_| StoreError::Internal(what))?
}

/// Runs the work and wakes the window when it is done; a panic in it is an answer like another.
fn promise<T: Send + 'static>(
    runtime: &Handle,
    ctx: &egui::Context,
    what: &'static str,
    work: impl Future<Output = Result<T, Failure>> + Send + 'static,
    answer: impl FnOnce(Result<T, Failure>) -> Answer + Send + 'static,
) -> Promise<Answer> {
    let (sender, promise) = Promise::new();
    let ctx = ctx.clone();
    let working = runtime.spawn(work);
    runtime.spawn(async move {
        let done = working.await.unwrap_or_else(|_| Err(StoreError::Internal(what).into()));
        sender.send(answer(done));
        ctx.request_repaint();
    });
    promise
}
