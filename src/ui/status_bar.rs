//! The bottom line: connection, server, head, problems.

use super::icon::{Icon, icon};
use super::widgets::named;
use super::{failure, format, theme};
use crate::app::{App, Facet, Intent, ViewIntent};
use crate::record::json;
use crate::sentences;
use crate::store::Connection;
use egui::{Align, Color32, Context, Id, Label, Layout, RichText, Role, Sense, Ui};
use std::time::Duration;

/// An answer older than this is told by its age, not by how long it took.
pub const QUIET: Duration = Duration::from_secs(3);
/// A connection without an answer for this long is called silent.
const SILENT: Duration = Duration::from_secs(5);

/// How long the last sign of life took, or how long ago it was.
fn life(app: &App) -> String {
    let age = app.answered().map_or(Duration::ZERO, |at| at.elapsed());
    let seconds = age.as_secs();
    match app.latency() {
        _ if age > SILENT => format!(", silent for {seconds} s"),
        _ if age > QUIET => format!(", last answer {seconds} s ago"),
        Some(latency) => format!(", {:.1} ms", latency.as_secs_f64() * 1000.0),
        None => String::new(),
    }
}

pub fn status_ui(ui: &mut Ui, app: &App, out: &mut Vec<Intent>) {
    let p = theme::palette(ui);
    let text = |s: String| RichText::new(s).size(theme::SMALL).color(p.dim);
    ui.horizontal_centered(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        let (color, word) = super::top_bar::connection(app, p);
        super::top_bar::dot(ui, color);
        let latency =
            if matches!(app.connection(), Connection::Online { .. }) { life(app) } else { String::new() };
        let warns = app.guarded().is_some() || app.refused().is_some();
        let word = if warns { word } else { word.to_lowercase() };
        let said = ui.label(text(format!("{word}{latency}")).color(if warns { p.red } else { p.dim }));
        if let Some(why) = app.refused() {
            let why = json::safe(&sentences::denial(why)).into_owned();
            ui.add(Label::new(text(why.clone()).color(p.red)).truncate()).on_hover_text(why);
        } else if let Some(guarded) = app.guarded() {
            said.on_hover_text(json::safe(&sentences::guarded(&guarded)));
        }
        if let Connection::Online { server, .. } = app.connection() {
            ui.add_space(10.0);
            ui.label(text(format!("server {server}")));
        }
        if let Some(head) = app.head() {
            ui.add_space(10.0);
            ui.label(text(format!("$all head C:{}", head.commit)));
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let problems = app.list().problems();
            let streams = app.list().count(Facet::Problems) as u64;
            if problems == 0 {
                ui.label(text("no problems".to_owned()));
            } else {
                let said = format!(
                    "{} in {}",
                    format::plural(problems, "problem"),
                    format::plural(streams, "stream")
                );
                ui.label(text(said));
            }
            if let Some(notice) = app.notice() {
                ui.add_space(10.0);
                let close = ui.add(egui::Button::new(icon(Icon::Close, 9.0, Some(p.dim))).frame(false));
                named(&close, Role::Button, "Dismiss");
                if close.on_hover_text("Dismiss").clicked() {
                    out.push(Intent::View(ViewIntent::DismissNotice));
                }
                notice_ui(ui, &failure::notice(notice), if notice.stays() { p.red } else { p.amber });
            }
        });
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
    let shown = ui.add(Label::new(text).truncate());
    ui.interact(shown.rect, notice_id(), Sense::hover());
    shown.on_hover_text(json::safe(notice));
}
