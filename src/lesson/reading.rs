//! A file's text as a lesson: what it names is there, and it is no larger than a person can follow.

use super::fault::LessonFault;
use super::format::{
    ActText, AppendText, DecideText, ExpectText, FoldsText, LessonText, SendExpectText, SendText, ShowText,
    StepText as StepFormat, WindowText,
};
use super::model::{Act, Append, Expecting, Fold, Lesson, LessonStream, Send, Show, Step, StepText, Tab};
use crate::aggregate::Registry;
use crate::aggregate::script::{Definition, Folds, Script};
use crate::decision::Expected;
use crate::record::Revision;
use crate::record::json::safe;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Bytes of a file.
pub const MOST_TEXT: usize = 256 << 10;
const STEPS: usize = 40;
const ACTS: usize = 20;
const WRITERS: usize = 3;
const STREAMS: usize = 4;
const FOLDS: usize = 4;
/// Lines of a step, and characters of a line, of a title and of a name.
const LINES: usize = 3;
const LINE: usize = 240;
const TITLE: usize = 80;
const NAME: usize = 24;
/// Bytes of an event's data.
const DATA: usize = 16 << 10;
/// The projection that a lesson may stop.
pub const BY_CATEGORY: &str = "$by_category";

/// What is wrong, and where in the lesson.
type Checked<T> = Result<T, Wrong>;

struct Wrong {
    place: String,
    text: String,
}

fn wrong<T>(place: &str, text: impl Into<String>) -> Checked<T> {
    Err(Wrong { place: place.to_owned(), text: text.into() })
}

/// Reads the text of a file with this name.
pub fn read(file: &str, bytes: &[u8]) -> Result<Lesson, LessonFault> {
    let file: Arc<str> = safe(file).into();
    let fault = |line, place, text: String| LessonFault { file: file.clone(), line, place, text };
    if bytes.len() > MOST_TEXT {
        let text = format!("the file is larger than {} KiB. Make two lessons of it.", MOST_TEXT >> 10);
        return Err(fault(None, String::new(), text));
    }
    let text: LessonText = serde_json::from_slice(bytes).map_err(|error| {
        let said = error.to_string();
        let said = said.rsplit_once(" at line ").map_or(&*said, |(said, _)| said);
        let text = format!("{}. Column {}; correct it there.", safe(said), error.column());
        fault(Some(error.line()).filter(|line| *line > 0), String::new(), text)
    })?;
    let name = file.strip_suffix(".json").unwrap_or(&file);
    lesson(name, text).map_err(|Wrong { place, text }| fault(None, place, safe(&text).into_owned()))
}

fn lesson(name: &str, text: LessonText) -> Checked<Lesson> {
    let title = line("title", &text.title, TITLE)?;
    let about = line("about", &text.about, LINE)?;
    let try_it = line("try", &text.try_it, 2 * LINE)?;
    most("writers", text.writers.len(), WRITERS)?;
    let writers = text.writers.iter().map(|writer| named("writers", writer)).collect::<Checked<Vec<_>>>()?;
    if (1..writers.len()).any(|at| writers[..at].contains(&writers[at])) {
        return wrong("writers", "two writers have the same name. Give each its own.");
    }
    let streams = streams(&text.streams)?;
    let folds = folds(&text.folds)?;
    let mut names = Names { writers: &writers, streams: &streams, folds: &folds, read: BTreeMap::new() };
    if text.steps.is_empty() {
        return wrong("steps", "there are none. Write one at least.");
    }
    most("steps", text.steps.len(), STEPS)?;
    let numbered = text.steps.into_iter().enumerate();
    let steps = numbered.map(|(at, text)| names.step(&format!("step {}", at + 1), text));
    let steps = steps.collect::<Checked<_>>()?;
    Ok(Lesson { name: name.into(), title, about, writers, streams, folds, steps, try_it })
}

/// A line of text, safe to show.
fn line(place: &str, text: &str, most: usize) -> Checked<String> {
    let length = text.chars().count();
    if text.trim().is_empty() {
        return wrong(place, "it is empty. Write what a person is to read there.");
    }
    if length > most {
        return wrong(place, format!("it has {length} characters, {most} are room for. Shorten it."));
    }
    Ok(safe(text).into_owned())
}

fn most(place: &str, count: usize, most: usize) -> Checked<()> {
    if count > most {
        return wrong(place, format!("there are {count}, at most {most} can be. Leave some out."));
    }
    Ok(())
}

/// A writer's name.
fn named(place: &str, name: &str) -> Checked<Arc<str>> {
    line(place, name, NAME).map(Arc::from)
}

/// What stands between braces, or before the `-` of a stream's name.
fn word(place: &str, name: &str) -> Checked<Arc<str>> {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if name.is_empty() || name.len() > NAME || !name.chars().all(plain) {
        let text = format!("{name:?} is no name. Use up to {NAME} letters, digits and _.");
        return wrong(place, text);
    }
    Ok(name.into())
}

fn step_text(place: &str, title: &str, lines: &[String]) -> Checked<StepText> {
    let title = line(&format!("{place}, title"), title, TITLE)?;
    let place = format!("{place}, text");
    if lines.is_empty() || lines.len() > LINES {
        return wrong(&place, format!("it has {} lines. Write one to {LINES}.", lines.len()));
    }
    let lines = lines.iter().map(|text| line(&place, text, LINE)).collect::<Checked<_>>()?;
    Ok(StepText { title, lines })
}

fn streams(texts: &BTreeMap<String, String>) -> Checked<Vec<LessonStream>> {
    if texts.is_empty() {
        return wrong("streams", "there are none. Name one, like \"order\": \"order\".");
    }
    most("streams", texts.len(), STREAMS)?;
    let stream = |(name, category): (&String, &String)| {
        Ok(LessonStream { name: word("streams", name)?, category: word("streams", category)? })
    };
    texts.iter().map(stream).collect()
}

fn folds(texts: &BTreeMap<String, Vec<String>>) -> Checked<Vec<Fold>> {
    most("folds", texts.len(), FOLDS)?;
    texts.iter().map(|(name, lines)| fold(name, lines)).collect()
}

fn fold(name: &str, lines: &[String]) -> Checked<Fold> {
    let name = named("folds", name)?;
    let place = format!("fold {name}");
    let text: Arc<str> = lines.join("\n").into();
    let script = Script { file: name.clone(), text: text.clone() };
    match Definition::read(script) {
        Ok(read) => match read.folds() {
            Folds::Streams(_, aggregate) => Ok(Fold { name, text, aggregate: aggregate.clone() }),
            Folds::Partitions(_) => {
                wrong(&place, "it does not fold a stream by itself. Begin it with aggregate({…}).")
            }
        },
        Err(fault) => wrong(&place, format!("{fault}. Correct the script.")),
    }
}

/// What the steps can name, and what each writer has done so far: read a stream of this place, or decided, too.
struct Names<'a> {
    writers: &'a [Arc<str>],
    streams: &'a [LessonStream],
    folds: &'a [Fold],
    read: BTreeMap<usize, (usize, bool)>,
}

impl Names<'_> {
    fn step(&mut self, place: &str, text: StepFormat) -> Checked<Step> {
        let own = step_text(place, &text.title, &text.text)?;
        let if_any = text.any.map(|any| step_text(&format!("{place}, any"), &any.title, &any.text));
        most(&format!("{place}, do"), text.acts.len(), ACTS)?;
        let numbered = text.acts.into_iter().enumerate();
        let acts = numbered.map(|(at, act)| self.act(&format!("{place}, act {}", at + 1), act));
        let acts: Vec<Act> = acts.collect::<Checked<_>>()?;
        if acts.iter().filter(|act| matches!(act, Act::Send(Send { choice: true, .. }))).count() > 1 {
            return wrong(place, "it has two choices. Put the second one into a step of its own.");
        }
        let show = self.show(&format!("{place}, show"), text.show)?;
        Ok(Step { text: own, if_any: if_any.transpose()?, acts, show })
    }

    fn act(&mut self, place: &str, act: ActText) -> Checked<Act> {
        Ok(match act {
            ActText::Append(append) => Act::Append(self.append(place, append)?),
            ActText::Read(read) => {
                let (writer, stream) =
                    (self.writer(place, &read.writer)?, self.stream(place, read.stream.as_deref())?);
                let decided = self.read.get(&writer).is_some_and(|(_, decided)| *decided);
                self.read.insert(writer, (stream, decided));
                Act::Read { writer, stream }
            }
            ActText::Decide(decide) => self.decide(place, &decide)?,
            ActText::Send(send) => Act::Send(self.send(place, &send)?),
            ActText::Disable(name) => Act::Disable(projection(place, &name)?),
            ActText::Enable(name) => Act::Enable(projection(place, &name)?),
        })
    }

    fn append(&self, place: &str, text: AppendText) -> Checked<Append> {
        let data = text.data.get();
        if data.len() > DATA {
            return wrong(place, format!("its data are larger than {} KiB. Shorten them.", DATA >> 10));
        }
        let event_type = line(&format!("{place}, type"), &text.event_type, TITLE)?;
        if event_type.starts_with('$') {
            return wrong(place, format!("the type {event_type} is the database's own. Leave out the $."));
        }
        Ok(Append {
            stream: self.stream(place, text.stream.as_deref())?,
            by: text.by.map(|by| named(&format!("{place}, by"), &by)).transpose()?,
            event_type: event_type.into(),
            data: data.into(),
            expected: expected(place, text.expect)?,
            id: text.id.map(Arc::from),
            loses_answer: text.lose_answer,
        })
    }

    fn decide(&mut self, place: &str, text: &DecideText) -> Checked<Act> {
        let writer = self.writer(place, &text.writer)?;
        let Some((stream, decided)) = self.read.get_mut(&writer) else {
            return wrong(place, format!("{} has read nothing yet. Let read come before it.", text.writer));
        };
        *decided = true;
        let category = &self.streams[*stream].category;
        let registry = Registry::default();
        let forms = &registry.for_category(category).schema().commands;
        let Some(form) = forms.iter().find(|form| *form.name == *text.command) else {
            let names: Vec<&str> = forms.iter().map(|form| &*form.name).collect();
            let there = if names.is_empty() { "no commands".to_owned() } else { names.join(" and ") };
            let text = format!("the category {category} has no command {:?}. It has {there}.", text.command);
            return wrong(place, text);
        };
        let labels: Vec<&str> = form.fields.iter().map(|field| &*field.label).collect();
        if let Some(name) = text.fields.keys().find(|name| !labels.contains(&name.as_str())) {
            let labels = labels.join(", ");
            return wrong(place, format!("{} has no field {name:?}. It has {labels}.", text.command));
        }
        let texts = labels.iter().map(|label| text.fields.get(*label).cloned().unwrap_or_default()).collect();
        Ok(Act::Decide { writer, command: form.name.clone(), texts })
    }

    fn send(&self, place: &str, text: &SendText) -> Checked<Send> {
        let writer = self.writer(place, &text.writer)?;
        if !self.read.get(&writer).is_some_and(|(_, decided)| *decided) {
            return wrong(
                place,
                format!("{} has decided nothing yet. Let decide come before it.", text.writer),
            );
        }
        let expecting = match text.expect {
            SendExpectText::Decided => Expecting::Decided,
            SendExpectText::Any => Expecting::Any,
        };
        let SendText { new_id, lose_answer: loses_answer, choice, .. } = *text;
        Ok(Send { writer, expecting, new_id, loses_answer, choice })
    }

    fn show(&self, place: &str, text: Option<ShowText>) -> Checked<Show> {
        Ok(match text {
            None if self.writers.is_empty() => {
                Show::Window { stream: self.stream(place, None)?, revision: None, tab: Tab::State }
            }
            None => Show::Writers { stream: self.stream(place, None)? },
            Some(ShowText::Writers(_)) if self.writers.is_empty() => {
                return wrong(place, "the lesson has no writers. Name them, or show the window.");
            }
            Some(ShowText::Writers(stream)) => Show::Writers { stream: self.stream(place, Some(&stream))? },
            Some(ShowText::Window(WindowText { stream, revision, tab })) => {
                let stream = self.stream(place, stream.as_deref())?;
                Show::Window { stream, revision, tab: tab.unwrap_or(Tab::State) }
            }
            Some(ShowText::Projection(stream)) => {
                Show::Projection { stream: self.stream(place, Some(&stream))? }
            }
            Some(ShowText::Folds(FoldsText { stream, left, right })) => Show::Folds {
                stream: self.stream(place, stream.as_deref())?,
                left: self.fold(place, &left)?,
                right: self.fold(place, &right)?,
            },
        })
    }

    fn writer(&self, place: &str, name: &str) -> Checked<usize> {
        let names = self.writers.iter().map(|writer| &**writer);
        find(place, "writer", name, names)
    }

    /// Without a name the only one.
    fn stream(&self, place: &str, name: Option<&str>) -> Checked<usize> {
        let names = || self.streams.iter().map(|stream| &*stream.name);
        match name {
            Some(name) => find(place, "stream", name, names()),
            None if self.streams.len() == 1 => Ok(0),
            None => {
                let names = names().collect::<Vec<_>>().join(" or ");
                wrong(place, format!("it does not say which stream. Add \"stream\": {names}."))
            }
        }
    }

    fn fold(&self, place: &str, name: &str) -> Checked<usize> {
        find(place, "fold", name, self.folds.iter().map(|fold| &*fold.name))
    }
}

fn find<'a>(
    place: &str,
    what: &str,
    name: &str,
    names: impl Iterator<Item = &'a str> + Clone,
) -> Checked<usize> {
    names.clone().position(|known| known == name).map_or_else(
        || {
            let names = names.collect::<Vec<_>>().join(", ");
            let there = if names.is_empty() { "none".to_owned() } else { names };
            wrong(place, format!("there is no {what} {name:?}. The lesson has {there}."))
        },
        Ok,
    )
}

fn expected(place: &str, text: ExpectText) -> Checked<Expected> {
    match text {
        ExpectText::Revision(revision) => Ok(Expected::Exact(Revision(revision))),
        ExpectText::Word(word) => match &*word {
            "no stream" => Ok(Expected::NoStream),
            "exists" => Ok(Expected::StreamExists),
            "any" => Ok(Expected::Any),
            _ => {
                let text =
                    format!("{word:?} cannot be expected. Write a revision, no stream, exists or any.");
                wrong(place, text)
            }
        },
    }
}

fn projection(place: &str, name: &str) -> Checked<Arc<str>> {
    if name == BY_CATEGORY {
        return Ok(name.into());
    }
    wrong(place, format!("{name:?} cannot be stopped here. A lesson may stop {BY_CATEGORY} alone."))
}
