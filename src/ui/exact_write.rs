//! The write as it would be sent, to the last byte, before it is.

use super::context_menu::context_menu;
use super::theme::{self, Palette};
use super::widgets::is_low;
use crate::app::Intent;
use crate::decision::Append;
use crate::record::json;
use egui::{Label, RichText, Ui, vec2};

/// Characters of data or metadata that are shown; copying takes all.
const SHOWN: usize = 16_000;

/// Height of a line.
const LINE: f32 = 16.0;

/// Name, value on one line, and the value to copy.
pub type Part = (&'static str, String, String);

/// What is sent, in the order in which it is told.
fn exact_parts(append: &Append) -> Vec<Part> {
    let part = |name, value: String| (name, json::safe(&value).into_owned(), value);
    let bytes = |name, bytes: &[u8]| {
        (name, json::one_line(bytes, SHOWN), String::from_utf8_lossy(bytes).into_owned())
    };
    let mut parts = vec![
        part("Stream", append.stream.as_str().to_owned()),
        part("Expected revision", append.expected.to_string()),
    ];
    for event in &append.events {
        parts.push(part("Event type", event.event_type.to_string()));
        parts.push(part("Event id", event.id.to_string()));
        parts.push(bytes("Data", &event.data));
        parts.push(bytes("Metadata", &event.metadata));
    }
    parts
}

/// The write that was told last, as it is told.
#[derive(Default)]
pub struct ExactWrite {
    append: Option<Append>,
    parts: Vec<Part>,
}

impl ExactWrite {
    pub fn parts(&mut self, append: &Append) -> &[Part] {
        if self.append.as_ref() != Some(append) {
            self.parts = exact_parts(append);
            self.append = Some(append.clone());
        }
        &self.parts
    }
}

pub fn exact_write_ui(
    ui: &mut Ui,
    p: &Palette,
    append: &Append,
    exact: &mut ExactWrite,
    out: &mut Vec<Intent>,
) {
    let parts = exact.parts(append);
    // Stream and expected revision, then type and id, stand beside each other.
    let mut lines: Vec<&[Part]> = parts[..2].chunks(2).collect();
    for event in parts[2..].chunks(4) {
        let (named, payloads) = event.split_at(2.min(event.len()));
        lines.push(named);
        lines.extend(payloads.chunks(1));
    }
    // A low window shows first what is not said above.
    if is_low(ui.ctx()) {
        lines.rotate_left(1);
    }
    ui.spacing_mut().interact_size.y = LINE;
    ui.spacing_mut().item_spacing = vec2(10.0, 1.0);
    for line in lines {
        ui.horizontal_wrapped(|ui| line.iter().for_each(|part| part_ui(ui, p, append, part, out)));
    }
}

fn part_ui(ui: &mut Ui, p: &Palette, append: &Append, (name, shown, _): &Part, out: &mut Vec<Intent>) {
    ui.label(RichText::new(*name).size(11.0).color(p.faint));
    let value = RichText::new(shown).font(theme::mono(11.0)).color(p.dim);
    let value = ui.add(Label::new(value).wrap().selectable(true));
    context_menu(&value, "Exact write menu", out, |menu| {
        menu.copy(&format!("Copy {}", name.to_lowercase()), || copied(append, name));
        menu.copy("Copy the whole write", || whole(append));
    });
}

fn copied(append: &Append, name: &str) -> String {
    let parts = exact_parts(append).into_iter();
    parts.filter(|(of, ..)| *of == name).map(|(.., value)| value).collect::<Vec<_>>().join("\n")
}

/// One part a line.
pub fn whole(append: &Append) -> String {
    let lines: Vec<String> =
        exact_parts(append).into_iter().map(|(name, _, value)| format!("{name}: {value}")).collect();
    lines.join("\n")
}
