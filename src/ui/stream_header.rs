//! The stream's name, and its life said honestly.

use super::context_menu::{Menu, button_menu, context_menu};
use super::icon::{Icon, icon};
use super::theme::{self, Palette};
use super::widgets::{is_low, is_narrow, named};
use super::{connection_text, format, moment_text};
use crate::app::{Action, App, Intent, ListIntent, Opened};
use crate::record::{Revision, gone_until, json};
use crate::sentences::store_error;
use crate::store::Life;
use egui::text::LayoutJob;
use egui::{Align, Button, Color32, Label, Layout, RichText, Role, Ui};
use jiff::tz::TimeZone;

/// Room for the buttons beside the name: all of them, the menu alone, and how far an export is.
const BUTTONS: f32 = 130.0;
const MENU: f32 = 44.0;
const EXPORTING: f32 = 230.0;
/// Of the name in a small window.
const SMALL_TITLE: f32 = 15.0;

pub fn header_ui(ui: &mut Ui, app: &App, out: &mut Vec<Intent>) {
    let p = theme::palette(ui);
    let Some(opened) = app.opened() else { return };
    let is_narrow = is_narrow(ui.ctx());
    let room = if is_narrow { MENU } else { BUTTONS };
    let room = room + if app.exporting().is_some() { EXPORTING } else { 0.0 };
    ui.horizontal(|ui| {
        let width = (ui.available_width() - room).max(80.0);
        ui.vertical(|ui| {
            ui.set_width(width);
            ui.spacing_mut().item_spacing.y = if is_low(ui.ctx()) { 1.0 } else { 4.0 };
            name_ui(ui, app, opened, out);
            life_ui(ui, p, app, opened, out);
        });
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let more = ui.add(Button::new(icon(Icon::More, 12.0, Some(p.dim))));
            named(&more, Role::Button, "Stream menu");
            button_menu(&more, out, |menu| lines(menu, app, opened));
            more.on_hover_text("What can be done with this stream");
            export_ui(ui, p, app, is_narrow, out);
        });
    });
}

fn name_ui(ui: &mut Ui, app: &App, opened: &Opened, out: &mut Vec<Intent>) {
    let size = if is_low(ui.ctx()) { SMALL_TITLE } else { theme::TITLE };
    let name = RichText::new(json::safe(opened.stream().as_str())).font(theme::mono(size));
    let name = ui.add(Label::new(name).truncate());
    context_menu(&name, "Stream menu", out, |menu| lines(menu, app, opened));
}

/// What can be done with the open stream.
fn lines(menu: &mut Menu<'_>, app: &App, opened: &Opened) {
    let at = opened.frame().record().map(|record| record.revision).filter(|_| !app.is_live());
    menu.stream_name(app, opened.stream(), at);
    menu.separator();
    menu.action(app, Action::ExportStream, "Export…");
    menu.action(app, Action::Pin, "Compare this revision with others");
    menu.action(app, Action::Around, Action::Around.name());
    menu.separator();
    menu.item("Close the stream", || Intent::List(ListIntent::CloseStream));
}

/// What writes the stream into a file, or how far that is.
fn export_ui(ui: &mut Ui, p: &Palette, app: &App, is_narrow: bool, out: &mut Vec<Intent>) {
    let small = |text: String| RichText::new(text).size(theme::SMALL).color(p.dim);
    let Some(exporting) = app.exporting() else {
        if is_narrow {
            return;
        }
        let button = ui.button("Export…");
        if button.on_hover_text(Action::ExportStream.entry().about).clicked() {
            out.extend(Action::ExportStream.intent());
        }
        return;
    };
    let (written, of) = exporting.progress();
    let of = if of == 0 {
        String::new()
    } else {
        format!(" {} of {}", format::count(written), format::plural(of, "event"))
    };
    if ui.link(small(Action::CancelExport.name().to_owned())).clicked() {
        out.extend(Action::CancelExport.intent());
    }
    let label = Label::new(small(format!("exporting…{of}"))).truncate().show_tooltip_when_elided(false);
    ui.add(label).on_hover_text(format!("{}{of}", json::safe(exporting.stream().as_str())));
}

fn life_ui(ui: &mut Ui, p: &Palette, app: &App, opened: &Opened, out: &mut Vec<Intent>) {
    if *opened.life() == Life::Reading && opened.newest().is_some() && !opened.is_former() {
        return reading_ui(ui, p, app, opened, out);
    }
    let (text, color) = life(p, opened);
    let size = if is_low(ui.ctx()) { theme::SMALL } else { theme::BODY };
    let plain = |color| egui::TextFormat::simple(egui::FontId::proportional(size), color);
    let mut job = LayoutJob::default();
    // First, because the end is what is cut.
    if let Some(stale) = connection_text::stale(app) {
        job.append(&format!("{} · ", stale.as_of()), 0.0, plain(p.amber));
    }
    job.append(&text, 0.0, plain(color));
    let first = opened.timeline().get(0);
    let shown = ui.add(Label::new(job).truncate().show_tooltip_when_elided(first.is_none()));
    if let Some(first) = first {
        let created = moment_text::local_and_utc(first.created);
        shown.on_hover_text(format!("{text}\nFirst event\n{created}"));
    }
}

/// How far the reading is, how fast it goes, and what ends it.
fn reading_ui(ui: &mut Ui, p: &Palette, app: &App, opened: &Opened, out: &mut Vec<Intent>) {
    let count = opened.timeline().len() as u64;
    // The list knows the newest revision before all is read.
    let listed = app.list().find(opened.stream()).and_then(|row| Some(row.revision?.0));
    let newest = listed.max(opened.last_shown().map(|last| last.0));
    let first = opened.timeline().first_revision().map_or(0, |first| first.0);
    let all = newest.map(|newest| (newest + 1).saturating_sub(first)).filter(|all| *all > count);
    let events = all.map_or_else(
        || format::plural(count, "event"),
        |all| format!("{} of {}", format::count(count), format::plural(all, "event")),
    );
    let action = if opened.is_stopped() { Action::ReadOn } else { Action::StopReading };
    let text = if opened.is_stopped() {
        format!("{events} read, then stopped")
    } else {
        let rate = rate(ui, opened, count).map_or_else(String::new, |rate| format!(", {rate} a second"));
        format!("reading… {events}{rate}")
    };
    ui.horizontal(|ui| {
        let color = if opened.is_stopped() { p.amber } else { p.dim };
        ui.label(RichText::new(text).color(color));
        let button =
            ui.link(RichText::new(action.name()).color(p.accent)).on_hover_text(action.entry().about);
        if button.clicked() {
            out.extend(action.intent());
        }
    });
}

/// Events a second since the reading was first seen; `None` while that is too short ago to tell.
fn rate(ui: &Ui, opened: &Opened, count: u64) -> Option<String> {
    let (now, id) = (ui.input(|input| input.time), ui.scope_id().with("rate"));
    let fresh = (opened.ticket(), now, count);
    let (of, since, from) = ui.data_mut(|data| *data.get_temp_mut_or(id, fresh));
    if of != opened.ticket() || count < from {
        ui.data_mut(|data| data.insert_temp(id, fresh));
        return None;
    }
    let seconds = now - since;
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a rate"
    )]
    let rate = ((count - from) as f64 / seconds) as u64;
    (seconds > 0.3).then(|| format::count(rate))
}

fn life(p: &Palette, opened: &Opened) -> (String, Color32) {
    let timeline = &opened.timeline();
    if opened.is_former() {
        let text = "read from a database that is no longer there; open it again to see what is there now";
        return (text.to_owned(), p.amber);
    }
    let events = format::plural(timeline.len() as u64, "event");
    let newest = opened.newest().and_then(|newest| timeline.get(newest));
    let (Some(first), Some(last)) = (timeline.get(0), newest) else {
        return match opened.life() {
            Life::Reading => ("reading…".to_owned(), p.dim),
            Life::Failed(why) => (store_error(why), p.red),
            Life::SoftDeleted => ("soft-deleted: it can be written again".to_owned(), p.red),
            Life::Tombstoned => ("tombstoned: it never takes events again".to_owned(), p.red),
            Life::Missing => ("there is no such stream".to_owned(), p.dim),
            Life::Live => (all_gone(opened.last()), p.amber),
        };
    };
    let range =
        format!("{events} · revisions {}–{}", format::rev(first.revision), format::rev(last.revision));
    let created = first.created.date_time(&TimeZone::system());
    match opened.life() {
        Life::Reading => (format!("{range} · reading…"), p.dim),
        Life::Tombstoned => (format!("{range} · tombstoned meanwhile"), p.red),
        Life::SoftDeleted => (format!("{range} · soft-deleted meanwhile"), p.red),
        Life::Failed(why) => (format!("{range} · {}", store_error(why)), p.red),
        _ if first.revision.0 > 0 => {
            let gone = gone_until(Revision(first.revision.0 - 1));
            if timeline.is_known() {
                (format!("{range} · {gone}, the state is complete from what followed"), p.dim)
            } else {
                (format!("{range} · {gone}, the state is incomplete"), p.amber)
            }
        }
        _ => (format!("{range} · complete history · created {created}"), p.dim),
    }
}

/// Of a stream that exists and of which nothing can be read.
fn all_gone(last: Option<Revision>) -> String {
    let gone = last.map_or_else(|| "its events are gone".to_owned(), gone_until);
    format!("{gone}: the stream exists, its state is unknown")
}
