//! The stream list: filter, facets, rows, and what the list was read from.

use super::ids::streams_bar_id;
use super::scroll::{Place, Rows};
use super::widgets::named;
use super::{connection_text, format, moment_text, past_band, streams_head, theme, theme::Palette};
use crate::aggregate::{BUILT_IN, Tone};
use crate::app::{ALL_STREAMS, Action, App, AskIntent, Intent, List, ListIntent, Opened, Pinned};
use crate::record::{Created, StreamName, json};
use crate::sentences;
use crate::store::{Connection, Presence, StreamRow};
use egui::{
    Align2, Button, Color32, FontId, Frame, Margin, Panel, Rect, Response, RichText, Role, Sense, Ui,
    WidgetInfo, pos2, text::LayoutJob, vec2,
};

const ROW: f32 = 54.0;
const SIDE: f32 = 14.0;

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
        Some(row) => row_ui(ui, app.list(), row, selected == Some(&row.stream), now, out),
        None => ui.response(),
    });
}

fn row_ui(
    ui: &mut Ui,
    list: &List,
    row: &StreamRow,
    selected: bool,
    now: Created,
    out: &mut Vec<Intent>,
) -> Response {
    let p = theme::palette(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
    let total = figure(list, row);
    let pill = pill(row, p);
    let name = format!("{} {} {total}", row.stream, pill.map_or("", |(word, ..)| word));
    response.widget_info(|| WidgetInfo::selected(Role::ListItem, true, selected, name.clone()));
    if selected {
        ui.painter().rect_filled(rect, 0.0, p.accent_bg);
        ui.painter().rect_filled(rect.with_max_x(rect.left() + 2.0), 0.0, p.accent);
    } else if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect, 0.0, p.raise);
    }
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, (1.0, p.bg));
    let (top, low) = (rect.top() + 16.0, rect.top() + 38.0);
    let (left, right) = (rect.left() + SIDE + 2.0, rect.right() - SIDE);
    let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
    let total =
        painter.text(pos2(right, top), Align2::RIGHT_CENTER, total, theme::mono(theme::SMALL), p.text);
    let mut end = total.left() - 10.0;
    if row.problems > 0 {
        end -= 36.0;
    }
    let id = line(ui, &json::safe(list.name(row)), theme::mono(theme::SMALL), p.text, end - left);
    let mark = pos2(left + id.size().x + 7.0, top);
    painter.galley(pos2(left, top - id.size().y / 2.0), id, p.text);
    if row.problems > 0 {
        painter.text(
            mark,
            Align2::LEFT_CENTER,
            format!("▲ {}", format::count(row.problems.into())),
            theme::mono(theme::SMALL),
            p.red,
        );
    }
    let age = row.last_event.map_or_else(String::new, |last| format::age(last, now));
    let small = FontId::proportional(theme::SMALL);
    let age = painter.text(
        pos2(right, low),
        Align2::RIGHT_CENTER,
        age,
        small.clone(),
        if selected { p.dim } else { p.faint },
    );
    let mut room = age.left() - 6.0;
    if let Some((word, color, fill)) = pill {
        let galley = painter.layout_no_wrap(word.to_owned(), FontId::proportional(11.0), color);
        let size = vec2(galley.size().x + 14.0, 17.0);
        let box_ = Rect::from_min_size(pos2(room - size.x, low - 8.5), size);
        painter.rect_filled(box_, 4.0, fill);
        painter.galley(box_.center() - galley.size() / 2.0, galley, color);
        room = box_.left();
    }
    let about = line(ui, &about(list, row), small, p.dim, room - 8.0 - left);
    painter.galley(pos2(left, low - about.size().y / 2.0), about, p.dim);
    if response.clicked() {
        let (pins, stream) = (ui.input(|input| input.modifiers.shift), row.stream.clone());
        out.push(if pins {
            Intent::Ask(AskIntent::Pin(Pinned::Stream(stream)))
        } else {
            Intent::List(ListIntent::Select(stream))
        });
    }
    response.on_hover_ui(|ui| {
        ui.label(RichText::new(&*json::safe(row.stream.as_str())).font(theme::mono(theme::SMALL)));
        for column in list.columns() {
            if let Some(cell) = row.cell(&column.path) {
                let label = json::one_line(column.label.as_bytes(), 80);
                ui.label(format!("{label} {}", json::one_line(cell.text.as_bytes(), 200)));
            }
        }
        if let Some(last) = row.last_event {
            ui.label(format!("Last event\n{}", moment_text::local_and_utc(last)));
        }
    })
}

/// One line, elided at the width.
fn line(ui: &Ui, text: &str, font: FontId, color: Color32, width: f32) -> std::sync::Arc<egui::Galley> {
    let mut job = LayoutJob::simple_singleline(text.to_owned(), font, color);
    job.wrap = egui::text::TextWrapping::truncate_at_width(width.max(10.0));
    ui.painter().layout_job(job)
}

/// The leading column of numbers, at the right of the first line.
fn figure(list: &List, row: &StreamRow) -> String {
    let Some(column) = list.leading(true) else { return String::new() };
    row.cell(&column.path).map_or_else(|| "—".to_owned(), |cell| format::number(&cell.text))
}

/// The leading column of texts, and how much there is to read.
fn about(list: &List, row: &StreamRow) -> String {
    let what = match (row.presence, row.revision) {
        (Presence::Locked, _) => return "may not be read".to_owned(),
        (Presence::Deleted, _) => return "soft-deleted".to_owned(),
        (Presence::Tombstoned, _) => return "tombstoned".to_owned(),
        (Presence::Unknown, _) => return "its events of that time are gone".to_owned(),
        (Presence::Live, Some(newest)) if row.first.0 > 0 => {
            format!("revisions {}–{}", format::rev(row.first), format::rev(newest))
        }
        (Presence::Live, _) => format::plural(row.events, "event"),
    };
    let leading = list.leading(false).and_then(|column| row.cell(&column.path));
    let mut texts = list.columns().iter().filter(|column| !column.numeric);
    let text = leading.or_else(|| texts.find_map(|column| row.cell(&column.path)));
    text.map_or_else(|| what.clone(), |cell| format!("{} · {what}", json::one_line(cell.text.as_bytes(), 80)))
}

fn pill<'a>(row: &'a StreamRow, p: &Palette) -> Option<(&'a str, Color32, Color32)> {
    let colors = |tone: Tone| match tone {
        Tone::Neutral => (p.dim, p.raise),
        Tone::Begun => (p.accent, p.accent_bg),
        Tone::Good => (p.green, p.green_bg),
        Tone::Warning => (p.amber, p.amber_bg),
        Tone::Bad => (p.red, p.red_bg),
    };
    let (label, (color, fill)) = match (row.presence, &row.status) {
        (Presence::Locked, _) => ("Locked", colors(Tone::Warning)),
        (Presence::Deleted, _) => ("Deleted", colors(Tone::Bad)),
        (Presence::Tombstoned, _) => ("Tombstoned", colors(Tone::Bad)),
        (Presence::Unknown, _) => ("Unknown", colors(Tone::Warning)),
        (Presence::Live, _) if row.first.0 > 0 => ("Truncated", colors(Tone::Warning)),
        (Presence::Live, Some(status)) => (&*status.label, colors(status.tone)),
        (Presence::Live, None) => return None,
    };
    Some((label, color, fill))
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
    let some = match app.list().met() {
        Some(met) => Some(met),
        None => Some(app.list().shown()).filter(|_| app.past().shown().is_some() && app.list().is_filtered()),
    };
    let some = some.map_or_else(String::new, |n| format!("{} of ", format::count(n as u64)));
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
