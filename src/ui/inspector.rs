//! The inspector: state, changes, event and raw bytes at the playhead.

use super::format;
use super::theme::{self, Palette};
use super::widgets::{empty, named, note, tab};
use crate::aggregate::leaves;
use crate::app::{App, Intent, Opened, Tab, TimeIntent, ViewIntent};
use crate::history::{Frame, Mark};
use crate::record::{Record, json};
use egui::{Align, Label, Layout, RichText, Role, ScrollArea, Stroke, Ui};
use jiff::tz::TimeZone;

/// More than this of one event's text is cut on screen; Copy gives all of it.
const SHOWN: usize = 20_000;

pub fn inspector_ui(ui: &mut Ui, app: &App, out: &mut Vec<Intent>) {
    let p = theme::palette(ui);
    let frame = app.opened.as_ref().map(|opened| (opened, opened.frame()));
    egui::Frame::new().inner_margin(egui::Margin { left: 16, right: 12, top: 8, bottom: 0 }).show(ui, |ui| {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 18.0;
            let changes = frame.as_ref().map(|(_, frame)| frame.changes.len()).filter(|&n| n > 0);
            for (name, which, count) in [
                ("State", Tab::State, None),
                ("Changes", Tab::Changes, changes),
                ("Event", Tab::Event, None),
                ("Raw", Tab::Raw, None),
            ] {
                if tab(ui, name, count, app.tab == which).clicked() {
                    out.push(Intent::View(ViewIntent::Tab(which)));
                }
            }
        });
    });
    line(ui, p);
    let Some((opened, frame)) = frame else {
        return empty(
            ui,
            "Nothing to inspect yet",
            "Open a stream: its state at each revision appears here, with what changed and which event set it.",
        );
    };
    ScrollArea::vertical().id_salt("inspector").auto_shrink(false).show(ui, |ui| match app.tab {
        Tab::State => state_ui(ui, p, opened, &frame, out),
        Tab::Changes => changes_ui(ui, p, opened, &frame),
        Tab::Event => event_ui(ui, p, &frame, out),
        Tab::Raw => raw_ui(ui, p, &frame, out),
    });
}

fn line(ui: &Ui, p: &Palette) {
    ui.painter().hline(ui.max_rect().x_range(), ui.cursor().top(), Stroke::new(1.0, p.line));
}

/// One line of a table: name, value, and what stands at the right.
fn row(ui: &mut Ui, p: &Palette, fill: Option<egui::Color32>, contents: impl FnOnce(&mut Ui)) {
    // Low windows show more of them.
    let margin = if ui.ctx().content_rect().height() < 700.0 { 4 } else { 7 };
    let mut frame = egui::Frame::new().inner_margin(egui::Margin::symmetric(16, margin));
    if let Some(fill) = fill {
        frame = frame.fill(fill);
    }
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().interact_size.y = 20.0;
        ui.horizontal(contents);
    });
    line(ui, p);
}

fn cell(ui: &mut Ui, width: f32, text: RichText) {
    ui.allocate_ui_with_layout(egui::vec2(width, 18.0), Layout::left_to_right(Align::Center), |ui| {
        ui.set_min_width(width);
        ui.add(Label::new(text).truncate());
    });
}

fn state_ui(ui: &mut Ui, p: &Palette, opened: &Opened, frame: &Frame, out: &mut Vec<Intent>) {
    ui.spacing_mut().item_spacing.y = 0.0;
    let at = frame
        .record
        .map_or_else(|| "Before the first event".to_owned(), |r| format!("After revision {}", r.revision));
    row(ui, p, None, |ui| {
        cell(ui, 84.0, RichText::new("Field").size(theme::SMALL).color(p.faint));
        ui.label(RichText::new(at).size(theme::SMALL).color(p.faint));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.label(RichText::new("Set by").size(theme::SMALL).color(p.faint));
        });
    });
    for (path, token) in frame.fields.as_deref().map(leaves).unwrap_or_default() {
        let change = frame.changes.iter().find(|change| change.field == *path);
        row(ui, p, change.map(|_| p.amber_bg), |ui| {
            cell(ui, 84.0, RichText::new(&*json::safe(path)).color(p.dim));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                setter_ui(ui, p, opened, frame, path, change.is_some(), out);
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    let mono = |text: String, color| {
                        RichText::new(text).font(theme::mono(theme::SMALL)).color(color)
                    };
                    if let Some(before) = change.and_then(|change| change.before.as_ref()) {
                        ui.label(mono(format!("− {}", json::safe(before)), p.red));
                        ui.add(Label::new(mono(format!("+ {}", json::safe(token)), p.green)).truncate());
                    } else {
                        let text = json::safe(token).into_owned();
                        ui.add(Label::new(mono(text, p.text)).truncate()).on_hover_text(json::safe(token));
                    }
                });
            });
        });
    }
    if frame.fields.is_none() {
        let noun = &opened.timeline.aggregate().schema().noun;
        let (title, text) = if opened.timeline.is_empty() {
            ("No state", "A state comes from events, and none can be read here.")
        } else if frame.record.is_none() {
            ("Before the first event", "There is no state yet. Step forward to see it come into being.")
        } else {
            (&*format!("No {noun} here"), "The events up to this revision make none.")
        };
        empty(ui, title, text);
    }
    ui.spacing_mut().item_spacing.y = 6.0;
    problem_ui(ui, p, opened, frame);
    if let Some(record) = frame.record {
        section(ui, "Event", |ui| facts_ui(ui, p, record));
    }
}

fn setter_ui(
    ui: &mut Ui,
    p: &Palette,
    opened: &Opened,
    frame: &Frame,
    field: &str,
    changed: bool,
    out: &mut Vec<Intent>,
) {
    let setter = opened.timeline.setter(field, frame.index).and_then(|i| opened.timeline.get(i));
    let Some(record) = setter else { return };
    let text = RichText::new(format!("rev {}", record.revision)).font(theme::mono(theme::SMALL));
    let text = text.color(if changed { p.amber } else { p.faint });
    let response =
        ui.add(egui::Button::new(text).frame(false)).on_hover_text("Go to the event that set this field");
    named(&response, Role::Link, &format!("{field} set by revision {}", record.revision));
    if response.clicked() {
        out.push(Intent::Time(TimeIntent::GoTo(record.revision)));
    }
}

fn problem_ui(ui: &mut Ui, p: &Palette, opened: &Opened, frame: &Frame) {
    let Some(text) = frame.index.and_then(|index| opened.timeline.problem_text(index)) else { return };
    egui::Frame::new().inner_margin(egui::Margin::symmetric(16, 10)).show(ui, |ui| {
        note(ui, p, "This event does not follow from the state before it.", &json::safe(&text));
    });
}

fn section(ui: &mut Ui, title: &str, contents: impl FnOnce(&mut Ui)) {
    egui::Frame::new().inner_margin(egui::Margin { left: 16, right: 16, top: 14, bottom: 0 }).show(
        ui,
        |ui| {
            ui.label(RichText::new(title).font(theme::strong(theme::BODY)));
            ui.add_space(2.0);
            contents(ui);
        },
    );
}

fn facts_ui(ui: &mut Ui, p: &Palette, record: &Record) {
    let kind = if record.declared_json { "application/json" } else { "application/octet-stream" };
    let mut facts = vec![
        ("type", record.event_type.to_string()),
        ("id", record.id.to_string()),
        ("revision", record.revision.to_string()),
        ("position", record.position.to_string()),
        ("created", record.created.date_time_offset(&TimeZone::system())),
        ("", record.created.rfc3339()),
        ("content", format!("{kind}, {}", format::plural(record.data.len() as u64, "byte"))),
    ];
    let metadata: Option<serde_json::Value> = serde_json::from_slice(&record.metadata).ok();
    for key in ["$correlationId", "$causationId"] {
        if let Some(value) = metadata.as_ref().and_then(|m| m.get(key)).and_then(|v| v.as_str()) {
            facts.push((key, value.to_owned()));
        }
    }
    ui.spacing_mut().interact_size.y = 16.0;
    ui.spacing_mut().item_spacing.y = 3.0;
    for (name, value) in facts {
        ui.horizontal(|ui| {
            let mono = |text: String| RichText::new(text).font(theme::mono(theme::SMALL)).color(p.dim);
            cell(ui, 104.0, mono(name.to_owned()));
            ui.add(Label::new(mono(json::safe(&value).into_owned())).truncate())
                .on_hover_text(json::safe(&value));
        });
    }
}

fn changes_ui(ui: &mut Ui, p: &Palette, opened: &Opened, frame: &Frame) {
    ui.spacing_mut().item_spacing.y = 0.0;
    for change in &frame.changes {
        row(ui, p, Some(p.amber_bg), |ui| {
            cell(ui, 84.0, RichText::new(&*json::safe(&change.field)).color(p.dim));
            let mono = |text: String, color| RichText::new(text).font(theme::mono(theme::SMALL)).color(color);
            if let Some(before) = &change.before {
                ui.label(mono(format!("− {}", json::safe(before)), p.red));
            }
            if let Some(after) = &change.after {
                ui.add(Label::new(mono(format!("+ {}", json::safe(after)), p.green)).truncate());
            }
        });
    }
    problem_ui(ui, p, opened, frame);
    match (frame.mark, frame.record) {
        (Some(Mark::NotFolded), Some(record)) => {
            let text = format!(
                "The {} does not know {}, so its state stays as it was.",
                opened.timeline.aggregate().schema().noun,
                json::safe(&record.event_type)
            );
            empty(ui, "This event is not folded", &text);
        }
        (None, _) if opened.timeline.is_empty() => {
            empty(ui, "No changes", "Events change the state, and none can be read here.");
        }
        (None, _) => empty(ui, "Before the first event", "Nothing has changed yet. Step forward."),
        _ => {}
    }
}

fn event_ui(ui: &mut Ui, p: &Palette, frame: &Frame, out: &mut Vec<Intent>) {
    let Some(record) = frame.record else {
        return empty(ui, "No event selected", "Where the stream holds events, select one in the table.");
    };
    section(ui, "Event", |ui| facts_ui(ui, p, record));
    section(ui, "Data", |ui| {
        copy_ui(ui, out);
        if let Some(text) = json::pretty(&record.data) {
            code(ui, p, &json::safe_lines(&text));
        } else {
            ui.label(RichText::new("This is not JSON; shown as text, exactly in Raw.").color(p.amber));
            code(ui, p, &json::safe_lines(&String::from_utf8_lossy(&record.data)));
        }
    });
    if !record.metadata.is_empty() {
        section(ui, "Metadata", |ui| {
            let text = json::pretty(&record.metadata)
                .unwrap_or_else(|| String::from_utf8_lossy(&record.metadata).into_owned());
            code(ui, p, &json::safe_lines(&text));
        });
    }
}

fn copy_ui(ui: &mut Ui, out: &mut Vec<Intent>) {
    if ui.button("Copy data").on_hover_text("The exact bytes").clicked() {
        out.push(Intent::View(ViewIntent::CopyData));
    }
}

fn code(ui: &mut Ui, p: &Palette, text: &str) {
    let end = text.char_indices().nth(SHOWN).map_or(text.len(), |(at, _)| at);
    egui::Frame::new().fill(p.bg).corner_radius(6.0).inner_margin(10.0).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.add(Label::new(RichText::new(&text[..end]).font(theme::mono(theme::SMALL)).color(p.text)).wrap());
        if end < text.len() {
            ui.label(RichText::new("Cut here: Copy data gives all of it.").color(p.amber));
        }
    });
}

fn raw_ui(ui: &mut Ui, p: &Palette, frame: &Frame, out: &mut Vec<Intent>) {
    let Some(record) = frame.record else {
        return empty(ui, "No event selected", "Select an event in the table to see its bytes.");
    };
    for (title, bytes) in [("Data", &record.data), ("Metadata", &record.metadata)] {
        section(ui, title, |ui| {
            ui.label(RichText::new(format::plural(bytes.len() as u64, "byte")).color(p.dim));
            if title == "Data" {
                copy_ui(ui, out);
            }
            code(ui, p, &hex(&bytes[..bytes.len().min(SHOWN / 5)]));
        });
    }
}

/// Offset, sixteen bytes, and the same as text.
fn hex(bytes: &[u8]) -> String {
    let line = |(i, chunk): (usize, &[u8])| {
        let digits: Vec<String> = chunk.iter().map(|byte| format!("{byte:02x}")).collect();
        let text: String = chunk
            .iter()
            .map(|&b| if b.is_ascii_graphic() || b == b' ' { char::from(b) } else { '.' })
            .collect();
        format!("{:06x}  {:<23}  {text}", i * 8, digits.join(" "))
    };
    bytes.chunks(8).enumerate().map(line).collect::<Vec<_>>().join("\n")
}
