//! The stream list: filter, facets, rows, and what the list was read from.

use super::ids::streams_bar_id;
use super::scroll::{Place, Rows};
use super::stream_row::{ROW, SIDE, stream_row_ui};
use super::widgets::named;
use super::{connection_text, format, moment_text, past_band, streams_head, theme, theme::Palette};
use crate::aggregate::BUILT_IN;
use crate::app::{ALL_STREAMS, Action, App, Intent, Opened};
use crate::record::{Created, StreamName, json};
use crate::sentences;
use crate::store::Connection;
use egui::{Button, Color32, FontId, Frame, Margin, Panel, RichText, Role, Sense, Ui, text::LayoutJob, vec2};

/// Which view of the list, and which stream in it, was last brought into view.
pub type Shown = Rows<(u64, Option<StreamName>)>;

pub fn streams_ui(ui: &mut Ui, app: &App, shown: &mut Shown, out: &mut Vec<Intent>) {
    let pad = Frame::new().inner_margin(Margin::symmetric(14, 12));
    Panel::top("streams-head")
        .frame(pad)
        .show_separator_line(false)
        .show(ui, |ui| streams_head::head_ui(ui, app, out));
    let pad = Frame::new().inner_margin(Margin::symmetric(14, 8));
    Panel::bottom("streams-foot").frame(pad).show(ui, |ui| foot(ui, app));
    egui::CentralPanel::no_frame().show(ui, |ui| {
        past_band::past_band_ui(ui, app, out);
        if app.opened().is_some_and(|opened| app.list().hides(opened.stream())) {
            hidden(ui, out);
        }
        if app.list().shown() == 0 {
            empty(ui, app, out);
        } else {
            rows(ui, app, shown, out);
        }
    });
}

/// Above the rows, where the filter leaves out the stream that is open.
fn hidden(ui: &mut Ui, out: &mut Vec<Intent>) {
    let p = theme::palette(ui);
    let frame = Frame::new().fill(p.raise).inner_margin(Margin::symmetric(14, 6));
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = vec2(4.0, 2.0);
            let text = RichText::new("The open stream is hidden by the filter.").size(theme::SMALL);
            ui.label(text.color(p.dim));
            let show = RichText::new("Show it").size(theme::SMALL).color(p.accent);
            if ui.add(Button::new(show).frame(false)).clicked() {
                out.extend(Action::ClearFilter.intent());
            }
        });
    });
}

fn rows(ui: &mut Ui, app: &App, shown: &mut Shown, out: &mut Vec<Intent>) {
    ui.spacing_mut().item_spacing.y = 0.0;
    let whole = ui.interact(ui.available_rect_before_wrap(), ui.scope_id().with("list"), Sense::hover());
    named(&whole, Role::List, "Stream list");
    let selected = app.opened().map(Opened::stream);
    let row = selected.and_then(|stream| app.list().place_of(stream));
    // A stream that is not listed yet is brought into view when it is.
    let key = (app.list().view(), selected.filter(|_| row.is_some()).cloned());
    let place = Place {
        key,
        row,
        // While the list fills, rows come in above the selected one.
        keep: !app.listing().caught_up,
        row_height: ROW,
        height: ui.available_height(),
        bar: streams_bar_id(),
        name: "Scroll streams",
    };
    let now = Created::now();
    shown.show(ui, place, app.list().shown(), |ui, place| match app.list().row(place) {
        Some(row) => stream_row_ui(ui, app, row, selected == Some(&row.stream), now, out),
        None => ui.response(),
    });
}

fn empty(ui: &mut Ui, app: &App, out: &mut Vec<Intent>) {
    let p = theme::palette(ui);
    ui.add_space(36.0);
    ui.vertical_centered(|ui| {
        ui.set_max_width(260.0_f32.min(ui.available_width() - 2.0 * SIDE));
        let mut say = |title: &str, text: String| {
            ui.label(RichText::new(title).font(theme::strong(theme::BODY)));
            ui.label(RichText::new(text).color(p.dim));
        };
        if let Some(denied) = &app.listing().denied {
            say("The list cannot be read", sentences::denial(denied));
        } else if app.list().is_filtered() && !app.list().is_empty() {
            say(
                "Nothing matches",
                format!("{} streams, none like this.", format::count(app.list().len() as u64)),
            );
            if ui.button(Action::ClearFilter.name()).clicked() {
                out.extend(Action::ClearFilter.intent());
            }
        } else if let Connection::Waiting { why, .. } = app.connection() {
            say("Not connected", sentences::store_error(why));
            if ui.button(Action::Retry.name()).clicked() {
                out.extend(Action::Retry.intent());
            }
        } else if app.past().shown().is_some() {
            say("No stream yet", "At this moment no stream of the list had an event.".to_owned());
        } else if app.listing().caught_up {
            let (title, text) = no_streams(app);
            say(&title, text.to_owned());
        } else {
            say("Reading", format!("{} events so far", format::count(app.listing().seen)));
        }
    });
}

/// A list of one category does not know whether there are streams of other names.
fn no_streams(app: &App) -> (String, &'static str) {
    match app.category() {
        "" | ALL_STREAMS => ("No streams yet".to_owned(), "A stream appears here with its first event."),
        BUILT_IN => (
            format!("No stream of category {BUILT_IN}"),
            "One appears here with its first event: create one below. Ctrl+K opens a stream of any name.",
        ),
        other => (
            format!("No stream of category {}", json::safe(other)),
            "One appears here with its first event. Ctrl+K opens a stream of any name.",
        ),
    }
}

fn foot(ui: &mut Ui, app: &App) {
    let p = theme::palette(ui);
    let all = format::plural(app.list().len() as u64, "stream");
    let some = app.list().is_filtered().then(|| format!("{} of ", format::count(app.list().shown() as u64)));
    let some = some.unwrap_or_default();
    let streams = match app.past().shown() {
        Some(at) => format!("{some}{all} · as they were {}", moment_text::moment(at, Created::now())),
        None => format!("{some}{all}"),
    };
    let (state, color) = foot_state(app, p);
    let mut job = LayoutJob::default();
    let plain = egui::TextFormat::simple(FontId::proportional(theme::SMALL), p.dim);
    let code = egui::TextFormat::simple(theme::mono(theme::SMALL), p.dim);
    job.append(&streams, 0.0, plain.clone());
    if !app.listing().source.is_empty() {
        job.append(" · ", 0.0, plain.clone());
        for (i, part) in app.listing().source.split('`').enumerate() {
            job.append(&json::safe(part), 0.0, if i % 2 == 1 { code.clone() } else { plain.clone() });
        }
    }
    // What counts its seconds has a line of its own, which does not move.
    let between = if color == p.amber { "\n" } else { " · " };
    job.append(between, 0.0, plain.clone());
    job.append(&state, 0.0, egui::TextFormat::simple(FontId::proportional(theme::SMALL), color));
    let unseen = app.listing().unseen;
    if let Some(unseen) = unseen.filter(|unseen| unseen.warns()) {
        job.append(&format!("\n⚠ {}", sentences::unseen(unseen)), 0.0, plain);
    }
    if let Some(unknown) = sentences::unknown_streams(app.list().unknown() as u64) {
        let format = egui::TextFormat::simple(FontId::proportional(theme::SMALL), p.amber);
        job.append(&format!("\n⚠ {unknown}"), 0.0, format);
    }
    let foot = ui.add(egui::Label::new(job).wrap());
    if let Some(unseen) = unseen {
        foot.on_hover_text(sentences::unseen(unseen));
    }
}

/// Whether the list is as the database is now.
fn foot_state(app: &App, p: &Palette) -> (String, Color32) {
    let seen = app.listing().seen;
    if let Some(stale) = connection_text::stale(app) {
        (stale.as_of(), p.amber)
    } else if let Some(leaderless) = connection_text::leaderless(app) {
        (leaderless, p.amber)
    } else if app.listing().denied.is_none() && app.listing().unread > 0 {
        (format!("reading… {} to go", format::plural(app.listing().unread, "stream")), p.dim)
    } else if app.listing().denied.is_some() {
        ("not readable; asked again every 10 s".to_owned(), p.dim)
    } else if app.listing().caught_up {
        ("caught up".to_owned(), p.dim)
    } else {
        (format!("reading… {}", format::plural(seen, "event")), p.dim)
    }
}
