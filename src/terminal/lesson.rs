//! `hindsight lesson`: the lessons, and one of them step by step.

use super::failure::Failure;
use super::lesson_text;
use super::output::{note, print};
use crate::cli::PlayLesson;
use crate::lesson::{
    Choices, Expecting, Lesson, LessonFault, LessonFile, Run, Runner, Sandbox, built_in, of_file,
};
use crate::record::json::{json_line, safe};
use crate::sentences::lesson_failure;
use serde::Serialize;
use std::fmt::Write;
use std::io::{BufRead, IsTerminal};
use std::path::Path;
use std::sync::Arc;
use uuid::Uuid;

impl From<LessonFault> for Failure {
    fn from(fault: LessonFault) -> Self {
        Self::Usage(fault.to_string())
    }
}

/// The published shape of one line of the list.
#[derive(Serialize)]
struct Listed<'a> {
    number: usize,
    name: &'a str,
    title: &'a str,
    about: &'a str,
    steps: usize,
}

/// The built-in lessons, then those of the folder that can be read.
fn all(own: &[LessonFile]) -> impl Iterator<Item = &Arc<Lesson>> {
    built_in().iter().chain(own.iter().filter_map(|file| file.lesson.as_ref().ok()))
}

pub fn list_lessons(options: &PlayLesson, own: &[LessonFile]) -> Result<(), Failure> {
    let mut text = String::new();
    for (number, lesson) in (1..).zip(all(own)) {
        let Lesson { name, title, about, steps, .. } = &**lesson;
        let listed = Listed { number, name, title, about, steps: steps.len() };
        if options.json {
            text.push_str(&json_line(&listed));
        } else {
            let written = writeln!(text, "{number:>2}  {title} ({name}, {} steps)\n    {about}", steps.len());
            debug_assert!(written.is_ok());
        }
    }
    own.iter().filter_map(|file| file.lesson.as_ref().err()).for_each(|fault| note(&fault.to_string()));
    print(&text)
}

/// The lesson that is named; `None` where none is.
pub fn chosen_lesson(options: &PlayLesson, own: &[LessonFile]) -> Result<Option<Arc<Lesson>>, Failure> {
    let Some(asked) = options.lesson.as_deref() else { return Ok(None) };
    let number = asked.parse().ok().and_then(|number: usize| number.checked_sub(1));
    let numbered = number.and_then(|place| all(own).nth(place));
    if let Some(lesson) = numbered.or_else(|| all(own).find(|lesson| *lesson.name == *asked)) {
        return Ok(Some(lesson.clone()));
    }
    if let Some(fault) = own.iter().find_map(|file| unreadable(file, asked)) {
        return Err(fault.clone().into());
    }
    let path = Path::new(asked);
    if path.extension().is_some_and(|ending| ending == "json") || path.components().count() > 1 {
        return Ok(Some(Arc::new(of_file(path)?)));
    }
    let names: Vec<&str> = all(own).map(|lesson| &*lesson.name).collect();
    let (asked, names) = (safe(asked), names.join(", "));
    Err(Failure::Usage(format!(
        "There is no lesson {asked}. There are {names}; or name a file that ends in .json."
    )))
}

/// Why the lesson of that name cannot be read.
fn unreadable<'a>(file: &'a LessonFile, name: &str) -> Option<&'a LessonFault> {
    let fault = file.lesson.as_ref().err()?;
    file.path.file_stem().is_some_and(|stem| stem == name).then_some(fault)
}

/// Does the steps and prints each; waits between them where a person sits there.
pub async fn play_lesson(options: &PlayLesson, lesson: Arc<Lesson>, sandbox: Sandbox) -> Result<(), Failure> {
    let mut choices = Choices::default();
    if options.any {
        let steps = lesson.steps.iter().enumerate().filter(|(_, step)| step.choice().is_some());
        choices = steps.fold(choices, |choices, (at, _)| choices.with(at, Expecting::Any));
    }
    let run = Run::new(lesson, choices, Uuid::new_v4());
    let is_asked = !options.json && std::io::stdin().is_terminal();
    let mut playing = Playing { runner: Runner::new(sandbox.clone(), &run), run, sandbox };
    if !options.json {
        print(&lesson_text::head(&playing.run))?;
    }
    let played = playing.play(options.json, is_asked).await;
    let left = playing.runner.leave().await;
    played.and(left.map_err(Failure::from))
}

struct Playing {
    run: Run,
    runner: Runner,
    sandbox: Sandbox,
}

impl Playing {
    async fn play(&mut self, json: bool, is_asked: bool) -> Result<(), Failure> {
        loop {
            while self.run.take_due() {
                let result = Box::pin(self.runner.perform()).await;
                self.run.performed(result);
            }
            match self.run.failure().map(lesson_failure) {
                None if json => print(&lesson_text::json(&self.run))?,
                None => print(&lesson_text::step(&self.run))?,
                Some(why) if is_asked => print(&format!("\n{why}\n"))?,
                Some(why) => return Err(Failure::Server(why)),
            }
            if !is_asked {
                if self.run.is_last() {
                    break;
                }
                self.run.forward();
            } else if !self.turn().await? {
                return Ok(());
            }
        }
        if json { Ok(()) } else { print(&lesson_text::end(&self.run)) }
    }

    /// What a person types moves the run; whether it goes on.
    async fn turn(&mut self) -> Result<bool, Failure> {
        loop {
            print(&lesson_text::prompt(&self.run))?;
            let mut line = String::new();
            // The sandbox is served by threads of its own.
            if std::io::stdin().lock().read_line(&mut line).unwrap_or(0) == 0 {
                return Ok(false);
            }
            match line.trim() {
                "" | "n" | "\u{1b}[C" if self.run.failure().is_some() => self.run.retry(),
                "" | "n" | "\u{1b}[C" if self.run.is_last() => {
                    return print(&lesson_text::end(&self.run)).map(|()| false);
                }
                "" | "n" | "\u{1b}[C" => self.run.forward(),
                "b" | "\u{1b}[D" => self.run.back(),
                "a" if lesson_text::can_choose(&self.run) => {
                    let other = self.run.chosen(self.run.at(), Expecting::Any, Uuid::new_v4());
                    let runner = Runner::new(self.sandbox.clone(), &other);
                    std::mem::replace(&mut self.runner, runner).leave().await?;
                    self.run = other;
                }
                "q" => return Ok(false),
                _ => continue,
            }
            return Ok(true);
        }
    }
}
