//! The file of a lesson, as serde reads it. A published format: names may be added and never change.

use super::model::Tab;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LessonText {
    pub title: String,
    pub about: String,
    #[serde(default)]
    pub writers: Vec<String>,
    /// The category of each.
    pub streams: BTreeMap<String, String>,
    /// JavaScript, line by line.
    #[serde(default)]
    pub folds: BTreeMap<String, Vec<String>>,
    pub steps: Vec<StepText>,
    #[serde(rename = "try")]
    pub try_it: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepText {
    pub title: String,
    pub text: Vec<String>,
    /// In place of title and text, once a person chose to expect any revision.
    pub any: Option<AnyText>,
    #[serde(default, rename = "do")]
    pub acts: Vec<ActText>,
    pub show: Option<ShowText>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnyText {
    pub title: String,
    pub text: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub enum ActText {
    Append(AppendText),
    Read(ReadText),
    Decide(DecideText),
    Send(SendText),
    Disable(String),
    Enable(String),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AppendText {
    pub stream: Option<String>,
    #[serde(rename = "type")]
    pub event_type: String,
    pub data: Box<RawValue>,
    pub expect: ExpectText,
    pub by: Option<String>,
    pub id: Option<String>,
    #[serde(default)]
    pub lose_answer: bool,
}

#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "\"expect\" is a revision like 0, \"no stream\", \"exists\" or \"any\"")]
pub enum ExpectText {
    Revision(u64),
    Word(String),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadText {
    pub writer: String,
    pub stream: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecideText {
    pub writer: String,
    pub command: String,
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SendText {
    pub writer: String,
    #[serde(default)]
    pub expect: SendExpectText,
    #[serde(default)]
    pub new_id: bool,
    #[serde(default)]
    pub lose_answer: bool,
    #[serde(default)]
    pub choice: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SendExpectText {
    #[default]
    Decided,
    Any,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub enum ShowText {
    /// The stream beside the writers.
    Writers(String),
    Window(WindowText),
    /// The stream whose events `$by_category` links.
    Projection(String),
    Folds(FoldsText),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WindowText {
    pub stream: Option<String>,
    pub revision: Option<u64>,
    pub tab: Option<Tab>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FoldsText {
    pub stream: Option<String>,
    pub left: String,
    pub right: String,
}
