//! One event as it is stored: its facts, its data as text, its bytes.

use super::copy_menu::copy_menu_ui;
use super::event_text::{CAUSATION, CORRELATION, CREATED, EventText, TARGET};
use super::find::Find;
use super::parts::section;
use super::payload_box::{Form, PayloadBox};
use super::together::{causation_link_ui, correlation_link_ui};
use crate::app::{Action, App, Intent, ViewIntent};
use crate::history::Frame;
use crate::record::payload_text::Shape;
use crate::ui::format;
use crate::ui::theme::{self, Palette};
use crate::ui::widgets::{empty, named};
use egui::text::{LayoutJob, TextWrapping};
use egui::{Align, Label, Layout, RichText, Role, TextFormat, Ui, vec2};

pub fn facts_ui(ui: &mut Ui, p: &Palette, app: &App, event: &EventText, out: &mut Vec<Intent>) {
    ui.spacing_mut().interact_size.y = 16.0;
    ui.spacing_mut().item_spacing.y = 3.0;
    for (name, value) in &event.facts {
        ui.horizontal_top(|ui| {
            let mono = |text: &str| RichText::new(text).font(theme::mono(theme::SMALL)).color(p.dim);
            let layout = Layout::left_to_right(Align::Min);
            ui.allocate_ui_with_layout(vec2(NAME, 0.0), layout, |ui| {
                ui.set_min_width(NAME);
                ui.add(Label::new(mono(name)).truncate());
            });
            let format = TextFormat::simple(theme::mono(theme::SMALL), p.dim);
            let mut job = LayoutJob::single_section(value.clone(), format);
            job.wrap = TextWrapping { max_rows: LINES, break_anywhere: true, ..TextWrapping::default() };
            let label = |ui: &mut Ui| {
                let label = ui.add(Label::new(job).wrap());
                if *name == CREATED {
                    label.on_hover_text(&event.created);
                }
            };
            let link: fn(&mut Ui, &App, &EventText, &mut Vec<Intent>) = match *name {
                CREATED => |ui, _, event, out| copy_created_ui(ui, event, out),
                TARGET => |ui, _, event, out| open_target_ui(ui, event, out),
                CORRELATION => |ui, app, _, out| correlation_link_ui(ui, app, out),
                CAUSATION => |ui, app, _, out| causation_link_ui(ui, app, out),
                _ => return label(ui),
            };
            ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
                link(ui, app, event, out);
                ui.with_layout(Layout::top_down(Align::Min), label);
            });
        });
    }
}

/// Of the names.
const NAME: f32 = 104.0;
/// Lines of one fact; hovering shows the rest.
const LINES: usize = 6;

/// Copies the time to the last digit; a hover says it in the local zone, too.
fn copy_created_ui(ui: &mut Ui, event: &EventText, out: &mut Vec<Intent>) {
    let copy = ui.link(RichText::new("Copy").size(theme::SMALL));
    named(&copy, Role::Button, "Copy created");
    if copy.on_hover_text("In UTC, with all digits").clicked() {
        out.extend(event.created_utc.clone().map(|utc| Intent::View(ViewIntent::Copy(utc))));
    }
}

/// Opens the stream of the event that this one links to, at it.
fn open_target_ui(ui: &mut Ui, event: &EventText, out: &mut Vec<Intent>) {
    let open = ui.link(RichText::new("Open").size(theme::SMALL));
    named(&open, Role::Button, "Open target");
    if let Some((stream, revision)) = event.target.clone().filter(|_| open.clicked()) {
        out.extend(Intent::open_at(stream, revision));
    }
}

pub fn event_ui(
    ui: &mut Ui,
    p: &Palette,
    (app, frame): (&App, &Frame),
    (event, find): (&mut EventText, &mut Find),
    out: &mut Vec<Intent>,
) {
    if frame.record().is_some() {
        section(ui, "Event", |ui| facts_ui(ui, p, app, event, out));
    }
    let Some(boxes) = event.boxes(frame, Form::Readable) else {
        return empty(ui, "No event selected", "Where the stream holds events, select one in the table.");
    };
    section(ui, "Data", |ui| {
        tools_ui(ui, p, (frame, boxes), find, out);
        let said = match boxes[0].shape() {
            Some(Shape::Text) => "This is not JSON; shown as text, exactly in Raw.",
            Some(Shape::Bytes) => "This is neither JSON nor text; shown as bytes.",
            Some(Shape::Json) | None => "",
        };
        if !said.is_empty() {
            ui.label(RichText::new(said).color(p.amber));
        }
        let [at, _] = find.places(boxes);
        boxes[0].show(ui, p, &find.sought, at, out);
    });
    if boxes[1].len() > 0 {
        let [_, at] = find.places(boxes);
        section(ui, "Metadata", |ui| boxes[1].show(ui, p, &find.sought, at, out));
    }
}

/// Copies the data, and finds text in it.
fn tools_ui(
    ui: &mut Ui,
    p: &Palette,
    (frame, boxes): (&Frame, &mut [PayloadBox; 2]),
    find: &mut Find,
    out: &mut Vec<Intent>,
) {
    ui.horizontal(|ui| {
        if ui.button(Action::CopyData.name()).on_hover_text("The exact bytes").clicked() {
            out.extend(Action::CopyData.intent());
        }
        copy_menu_ui(ui, p, frame, &mut boxes[0], out);
        find.show(ui, p, boxes);
    });
}

pub fn raw_ui(
    ui: &mut Ui,
    p: &Palette,
    frame: &Frame,
    (event, find): (&mut EventText, &mut Find),
    out: &mut Vec<Intent>,
) {
    let Some(boxes) = event.boxes(frame, Form::Bytes) else {
        return empty(ui, "No event selected", "Select an event in the table to see its bytes.");
    };
    section(ui, "Data", |ui| {
        ui.label(RichText::new(format::plural(boxes[0].len() as u64, "byte")).color(p.dim));
        tools_ui(ui, p, (frame, boxes), find, out);
        let [at, _] = find.places(boxes);
        boxes[0].show(ui, p, &find.sought, at, out);
    });
    section(ui, "Metadata", |ui| {
        ui.label(RichText::new(format::plural(boxes[1].len() as u64, "byte")).color(p.dim));
        let [_, at] = find.places(boxes);
        boxes[1].show(ui, p, &find.sought, at, out);
    });
}
