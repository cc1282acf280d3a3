//! The last look before something is written or thrown away.

use crate::app::{App, CommandIntent, ConnectionIntent, Intent, ViewIntent};
use crate::decision::Append;
use crate::record::json;
use crate::sentences::undeclared;
use crate::store::Guarded;
use crate::ui::exact_write::{ExactWrite, whole};
use crate::ui::theme;
use crate::ui::widgets::title;
use egui::{Align, Button, Layout, RichText, Ui};

pub fn reset(ui: &mut Ui, fresh: bool, out: &mut Vec<Intent>) {
    title(ui, "Reset the sandbox?");
    ui.label("Every event in the sandbox is thrown away and the samples are written anew. Other servers are not touched.");
    answer(ui, "Reset now", (true, true, fresh), Intent::Connection(ConnectionIntent::ResetSandbox), out);
}

pub fn append(
    ui: &mut Ui,
    app: &App,
    (append, exact): (&Append, &mut ExactWrite),
    fresh: bool,
    out: &mut Vec<Intent>,
) {
    let p = theme::palette(ui);
    title(ui, "Append this event?");
    // What is large scrolls, so that the answer stays in sight.
    let most = ui.ctx().content_rect().height() * 0.5;
    egui::ScrollArea::vertical().max_height(most).show(ui, |ui| {
        egui::Grid::new("append").num_columns(2).spacing([18.0, 8.0]).show(ui, |ui| {
            for (name, value, _) in exact.parts(append) {
                ui.label(RichText::new(*name).color(p.dim));
                let value = RichText::new(value).font(theme::mono(theme::SMALL));
                ui.add(egui::Label::new(value).wrap().selectable(true));
                ui.end_row();
            }
        });
    });
    if ui.button("Copy the whole write").clicked() {
        out.push(Intent::View(ViewIntent::Copy(whole(append))));
    }
    let guarded = app.guarded();
    if let Some(guarded) = &guarded {
        production(ui, app, (guarded, append), fresh, out);
    }
    answer(
        ui,
        "Append now",
        (false, app.may_confirm(append), fresh && guarded.is_none()),
        Intent::Command(CommandIntent::ConfirmAppend),
        out,
    );
}

/// A database that declares itself production is not written to by a slip of the hand.
fn production(
    ui: &mut Ui,
    app: &App,
    (guarded, append): (&Guarded, &Append),
    fresh: bool,
    out: &mut Vec<Intent>,
) {
    let p = theme::palette(ui);
    ui.add_space(8.0);
    let what = match guarded {
        Guarded::Declared(name) => format!("{} is a production database.", json::safe(name)),
        Guarded::Unreadable(why) => format!(
            "This database does not say whether it is production ($server-info: {}).",
            json::safe(&undeclared(why))
        ),
    };
    let stream = json::safe(append.stream.as_str());
    let text = format!("{what} Type the stream's name to write to it: {stream}");
    ui.add(egui::Label::new(RichText::new(text).color(p.red)).wrap());
    let mut typed = app.dock().typed_name().to_owned();
    let edit =
        egui::TextEdit::singleline(&mut typed).font(theme::mono(theme::SMALL)).desired_width(f32::INFINITY);
    let response = ui.add(edit);
    response.widget_info(|| {
        let mut info = egui::WidgetInfo::text_edit(true, app.dock().typed_name(), &typed, "");
        info.label = Some("Stream name".to_owned());
        info
    });
    if fresh {
        response.request_focus();
    }
    let entered = response.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
    if typed != app.dock().typed_name() {
        out.push(Intent::Command(CommandIntent::TypedName(typed)));
    }
    // A name that is not right yet is typed on.
    if entered && app.may_confirm(append) {
        out.push(Intent::Command(CommandIntent::ConfirmAppend));
    } else if entered {
        response.request_focus();
    }
}

/// The two answers; where the dialog is fresh, Enter gives the first.
fn answer(
    ui: &mut Ui,
    yes: &str,
    (danger, enabled, focused): (bool, bool, bool),
    intent: Intent,
    out: &mut Vec<Intent>,
) {
    let p = theme::palette(ui);
    ui.add_space(10.0);
    ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
        let (fill, text) = if danger { (p.red_bg, p.red) } else { (p.accent, p.on_accent) };
        let button = ui.add_enabled(enabled, Button::new(RichText::new(yes).color(text)).fill(fill));
        if focused {
            button.request_focus();
        }
        if button.on_disabled_hover_text("Type the stream's name first").clicked() {
            out.push(intent);
        }
        if ui.button("Cancel").clicked() {
            out.push(Intent::View(ViewIntent::CloseDialog));
        }
    });
}
