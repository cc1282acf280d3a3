//! The bottom line: connection, server, head, problems.

use super::icon::{self, Icon};
use super::widgets::{announced, named};
use super::{connection_text, failure, format, theme, theme::Palette};
use crate::app::{Action, App, Chord, Facet, Intent, ListIntent, ViewIntent};
use crate::record::json;
use crate::sentences;
use crate::store::Connection;
use egui::{Align, Button, Color32, Context, Id, Label, Layout, RichText, Role, Sense, Ui, vec2};

/// Room for the problems at the right.
const ASIDE: f32 = 190.0;

pub fn status_ui(ui: &mut Ui, app: &App, out: &mut Vec<Intent>) {
    let p = theme::palette(ui);
    ui.horizontal_centered(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        connection_ui(ui, app, p, out);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if app.lessons().is_running() {
                lesson_files_ui(ui, app, p, out);
            } else {
                problems_ui(ui, app, p, out);
            }
            if let Some(notice) = app.notice() {
                ui.add_space(10.0);
                let close = ui.add(Button::new(icon::icon(Icon::Close, 9.0, Some(p.dim))).frame(false));
                named(&close, Role::Button, "Dismiss");
                if close.on_hover_text("Dismiss").clicked() {
                    out.push(Intent::View(ViewIntent::DismissNotice));
                }
                notice_ui(ui, &failure::notice(notice), if notice.stays() { p.red } else { p.amber });
            }
        });
    });
}

/// How many problems the list has; a click shows them.
fn problems_ui(ui: &mut Ui, app: &App, p: &Palette, out: &mut Vec<Intent>) {
    let text = |s: String| RichText::new(s).size(theme::SMALL).color(p.dim);
    let problems = app.list().problems();
    let streams = app.list().count(Facet::Problems) as u64;
    if problems == 0 {
        ui.label(text("no problems".to_owned()));
    } else {
        let said =
            format!("{} in {}", format::plural(problems, "problem"), format::plural(streams, "stream"));
        let link = RichText::new(said).size(theme::SMALL).color(p.red);
        let key = Action::Problems.entry().chord.map_or_else(String::new, Chord::text);
        let link = ui.add(Button::new(link).frame(false));
        let (told, intent) = if app.list().facet() == Facet::Problems {
            (Action::Problems.entry().about, Action::Problems.intent())
        } else {
            let facet = Intent::List(ListIntent::Facet(Facet::Problems));
            ("show only the streams with problems; again, each problem", Some(facet))
        };
        if link.on_hover_text(format!("{told} ({key})")).clicked() {
            out.extend(intent);
        }
    }
}

/// Where a teacher's lessons are.
fn lesson_files_ui(ui: &mut Ui, app: &App, p: &Palette, out: &mut Vec<Intent>) {
    let folder = app.lessons().folder().display().to_string();
    let link = RichText::new("Lesson files: copy the path").size(theme::SMALL).color(p.dim);
    let link = ui.add(Button::new(link).frame(false));
    if link.on_hover_text(format!("Lessons of your own are .json files in {}", json::safe(&folder))).clicked()
    {
        out.push(Intent::View(ViewIntent::Copy(folder)));
    }
}

/// Which node, how it answers, and what is wrong.
fn connection_ui(ui: &mut Ui, app: &App, p: &Palette, out: &mut Vec<Intent>) {
    let text = |s: String, color| RichText::new(s).size(theme::SMALL).color(color);
    let status = connection_text::status(app, p);
    let (dot, _) = ui.allocate_exact_size(vec2(8.0, 8.0), Sense::hover());
    icon::paint(ui.painter(), dot, Icon::Dot, status.dot);
    let Connection::Online { server, .. } = app.connection() else {
        ui.label(text(status.text, status.color));
        lost_ui(ui, app, p, out);
        return;
    };
    let guarded = app.guarded().filter(|_| app.refused().is_none());
    let name = guarded.as_ref().map(|_| connection_text::name(app));
    let node = if status.is_wrong { Some(status.text) } else { connection_text::node(app) };
    let node = node.unwrap_or_else(|| "connected".to_owned());
    let said =
        name.into_iter().chain([node]).chain(connection_text::life(app)).collect::<Vec<_>>().join(", ");
    let color = if guarded.is_some() { p.red } else { status.color };
    let label = Label::new(text(said.clone(), color)).truncate();
    let label = ui.add(label.show_tooltip_when_elided(guarded.is_none()));
    if let Some(why) = app.refused() {
        let why = json::safe(&sentences::denial(why)).into_owned();
        ui.add(Label::new(text(why.clone(), p.red)).truncate().show_tooltip_when_elided(false))
            .on_hover_text(why);
    } else if let Some(guarded) = guarded {
        label.on_hover_text(format!("{said}\n{}", json::safe(&sentences::guarded(&guarded))));
    }
    ui.add_space(10.0);
    ui.label(text(format!("server {}{}", json::safe(server), connection_text::nodes(app)), p.dim));
    if let Some(head) = app.head() {
        ui.add_space(10.0);
        ui.label(text(format!("$all head C:{}", head.commit), p.dim));
    }
}

/// From when what is shown is, why, and the way to try again.
fn lost_ui(ui: &mut Ui, app: &App, p: &Palette, out: &mut Vec<Intent>) {
    ui.spacing_mut().item_spacing.x = 14.0;
    if let Some(stale) = connection_text::stale(app) {
        ui.label(RichText::new(stale.as_of()).size(theme::SMALL).color(p.amber));
    }
    let Connection::Waiting { why, .. } = app.connection() else { return };
    // An empty list offers it in its place, and a dialog keeps it out of reach.
    if app.list().shown() > 0 && app.dialog().is_none() {
        let retry = RichText::new(Action::Retry.name()).size(theme::SMALL).color(p.accent);
        if ui.add(Button::new(retry).frame(false)).on_hover_text("F5").clicked() {
            out.extend(Action::Retry.intent());
        }
    }
    let why = json::safe(&sentences::store_error(why)).into_owned();
    let width = (ui.available_width() - ASIDE).max(40.0);
    ui.scope(|ui| {
        ui.set_max_width(width);
        ui.add(
            Label::new(RichText::new(&why).size(theme::SMALL).color(p.dim))
                .truncate()
                .show_tooltip_when_elided(false),
        )
        .on_hover_text(why);
    });
}

fn notice_id() -> Id {
    Id::unique("notice")
}

/// Whether the mouse is over the notice, which stays as long.
pub fn holds_notice(ctx: &Context) -> bool {
    ctx.read_response(notice_id()).is_some_and(|notice| notice.contains_pointer())
}

fn notice_ui(ui: &mut Ui, notice: &str, color: Color32) {
    let text = RichText::new(&*json::safe(notice)).size(theme::SMALL).color(color);
    let shown = ui.add(Label::new(text).truncate().show_tooltip_when_elided(false));
    ui.interact(shown.rect, notice_id(), Sense::hover());
    announced(&shown);
    shown.on_hover_text(json::safe(notice));
}
