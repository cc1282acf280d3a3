//! The state at the playhead, field by field, and what the event there changed.

use super::event::facts_ui;
use super::event_text::EventText;
use super::field_history;
use super::field_menu;
use super::lines::{INDENT, Line, Lines, change_fit, change_parts};
use super::output::output_ui;
use super::parts::{SHOWN, SIDE, cell, high_row, line, row, row_height, section, values_place};
use super::wrapped::{Grid, Part};
use crate::aggregate::Fault;
use crate::app::{App, AskIntent, Intent, Opened, TimeIntent};
use crate::history::{Frame, Mark};
use crate::record::{Revision, json};
use crate::ui::context_menu::{is_key_pressed, menu};
use crate::ui::format;
use crate::ui::theme::{self, Palette};
use crate::ui::widgets::{empty, named, note, text_width};
use egui::{Align, CursorIcon, Label, Layout, Rect, Response, RichText, Role, Sense, Ui, WidgetInfo, vec2};

pub fn state_ui(
    ui: &mut Ui,
    p: &Palette,
    (app, opened): (&App, &Opened),
    (lines, event, history): (&mut Lines, &EventText, &mut field_history::Shown),
    brings: bool,
    out: &mut Vec<Intent>,
) {
    let frame = opened.frame();
    ui.spacing_mut().item_spacing.y = 0.0;
    let name = lines.name_width(ui.available_width());
    let setter = setter_width(ui, opened);
    let width = ui.available_width() - 2.0 * SIDE - name - setter - 2.0 * GAP;
    let cells = Cells { name, setter, grid: Grid::new(ui, width) };
    head_ui(ui, p, opened, frame, name);
    lines.lay_state(frame, cells.grid, row_height(ui));
    let chosen = app.asking().field().filter(|_| brings);
    let at = chosen.and_then(|field| lines.state.iter().position(|line| line.path == *field.path()));
    if let Some(at) = at {
        let top = ui.cursor().min + vec2(0.0, lines.state_tops().of(at));
        let size = vec2(1.0, lines.state_tops().height(at));
        ui.scroll_to_rect(Rect::from_min_size(top, size), None);
    }
    let mut toggled = None;
    lines.state_tops().rows_in_view(ui, |ui, place| {
        if let Some(line) = lines.state.get(place)
            && field_ui(ui, p, (app, opened), (lines, place), cells, out)
        {
            toggled = Some(line.path.clone());
        }
    });
    if let Some(path) = &toggled {
        lines.toggle_whole(path);
    }
    if frame.fields.is_none() {
        nothing_ui(ui, opened, frame);
    }
    ui.spacing_mut().item_spacing.y = 6.0;
    field_history::field_history_ui(ui, p, app, opened, history, out);
    problem_ui(ui, p, opened, frame);
    output_ui(ui, p, frame);
    if frame.record().is_some() {
        section(ui, "Event", |ui| facts_ui(ui, p, app, event, out));
    }
}

/// Between name, values and what set them.
const GAP: f32 = 8.0;

/// Widths of a row's parts.
#[derive(Clone, Copy)]
struct Cells {
    name: f32,
    setter: f32,
    grid: Grid,
}

/// Room for the longest link to the event that set a field.
fn setter_width(ui: &Ui, opened: &Opened) -> f32 {
    let last = opened.last_shown().map_or(0, |revision| revision.0);
    text_width(ui, &format!("rev {}", format::count(last)), theme::mono(theme::SMALL)).ceil()
}

fn head_ui(ui: &mut Ui, p: &Palette, opened: &Opened, frame: &Frame, name: f32) {
    let small = |text: &str, color| RichText::new(text).size(theme::SMALL).color(color);
    let aggregate = opened.timeline().aggregate();
    if let Some(said) = &aggregate.schema().note {
        row(ui, p, Some(p.raise), |ui| {
            let hint = "No aggregate is defined for this category: each field shows the last value that an event gave it.";
            ui.add(Label::new(small(said, p.dim)).truncate().show_tooltip_when_elided(false))
                .on_hover_text(format!("{said}\n{hint}"));
        });
    }
    if let Some(why) = aggregate.outside_state() {
        row(ui, p, Some(p.amber_bg), |ui| {
            let text = json::safe(why);
            ui.add(Label::new(small(&text, p.amber)).truncate().show_tooltip_when_elided(false))
                .on_hover_text(&*text);
        });
    }
    let record = frame.record();
    let at = match record {
        Some(record) if frame.is_not_read_to() => format!("At revision {}", format::rev(record.revision)),
        Some(record) => format!("After revision {}", format::rev(record.revision)),
        None => "Before the first event".to_owned(),
    };
    row(ui, p, None, |ui| {
        cell(ui, name, small("Field", p.faint));
        ui.label(small(&at, p.faint));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| ui.label(small("Set by", p.faint)));
    });
}

/// Answers whether more or less of the value is asked for.
fn field_ui(
    ui: &mut Ui,
    p: &Palette,
    (app, opened): (&App, &Opened),
    (lines, place): (&Lines, usize),
    cells: Cells,
    out: &mut Vec<Intent>,
) -> bool {
    let Some(line) = lines.state.get(place) else { return false };
    let is_chosen = app.asking().field().is_some_and(|field| *field.path() == line.path);
    let change = line.change.and_then(|place| opened.frame().changes.get(place));
    let fill = change.map(|_| p.amber_bg).or(is_chosen.then_some(p.accent_bg));
    let (mut toggled, mut chooser) = (false, None);
    let height = lines.state_tops().height(place);
    let whole = high_row(ui, p, fill, (height, Sense::hover()), |ui, row| {
        let indent = (f32::from(line.depth) * INDENT).min(cells.name - 40.0);
        ui.spacing_mut().item_spacing.x = GAP;
        ui.add_space(indent);
        let color = if is_chosen { p.accent } else { p.dim };
        let said = cell(ui, cells.name - indent - GAP, RichText::new(&line.name).color(color));
        let Some(token) = &line.token else { return };
        chooser = Some(choose_ui(ui, &said, line, is_chosen, out));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| setter_ui(ui, p, opened, line, out));
        let from = row.left() + cells.name + GAP;
        let at = values_place(ui, row, from, row.right() - cells.setter - GAP);
        let is_whole = lines.whole.contains(&line.path);
        let parts: Vec<Part<'_>> = match change.filter(|change| change.before.is_some()) {
            Some(change) => change_parts(change, p.red, p.green).collect(),
            None => vec![Part { sign: "", color: p.text, token }],
        };
        let fit = cells.grid.fit(parts.iter().copied(), is_whole);
        toggled = cells.grid.show(ui, at, &parts, (fit, is_whole), &line.name);
    });
    if let (Some(chooser), Some(token)) = (&chooser, &line.token) {
        let is_asked = chooser.has_focus() && is_key_pressed(chooser);
        let field = field_menu::Asked { path: &line.path, token };
        menu((chooser, &whole), "Field menu", is_asked, out, |menu| {
            field_menu::lines(menu, app, field, setter(opened, &line.path));
        });
    }
    toggled
}

/// A click on the name shows the field's changes, and a second one no more.
fn choose_ui(ui: &Ui, name: &Response, line: &Line, is_chosen: bool, out: &mut Vec<Intent>) -> Response {
    let id = ui.scope_id().with(("choose", &*line.path));
    let response = ui.interact(name.rect, id, Sense::click()).on_hover_cursor(CursorIcon::PointingHand);
    let path = json::one_line(line.path.as_bytes(), SHOWN);
    response
        .widget_info(|| WidgetInfo::selected(Role::Button, true, is_chosen, format!("Changes of {path}")));
    if response.clicked() {
        out.push(Intent::Ask(AskIntent::Field((!is_chosen).then(|| line.path.clone()))));
    }
    response.on_hover_text(format!("{path}: every revision that changed it"))
}

/// The event that set the field, as seen from the playhead.
fn setter(opened: &Opened, path: &str) -> Option<Revision> {
    let index = opened.timeline().setter(path, opened.frame().index)?;
    opened.timeline().get(index).map(|record| record.revision)
}

fn setter_ui(ui: &mut Ui, p: &Palette, opened: &Opened, line: &Line, out: &mut Vec<Intent>) {
    let Some(revision) = setter(opened, &line.path) else { return };
    let text = RichText::new(format!("rev {}", format::rev(revision))).font(theme::mono(theme::SMALL));
    let text = text.color(if line.change.is_some() { p.amber } else { p.faint });
    let response =
        ui.add(egui::Button::new(text).frame(false)).on_hover_text("Go to the event that set this field");
    let path = json::one_line(line.path.as_bytes(), SHOWN);
    named(&response, Role::Link, &format!("{path} set by revision {revision}"));
    if response.clicked() {
        out.push(Intent::Time(TimeIntent::GoTo(revision)));
    }
}

/// What one of them is called: by its aggregate, or else by its category.
fn noun(opened: &Opened) -> String {
    let schema = opened.timeline().aggregate().schema();
    let category = opened.stream().category().filter(|_| schema.note.is_some());
    category.map_or_else(|| schema.noun.to_string(), |category| json::one_line(category.as_bytes(), 40))
}

/// The events before the record are on their way, or were left.
fn not_read_ui(ui: &mut Ui, opened: &Opened) {
    if opened.is_being_read() {
        empty(ui, "Being read", "The state here is known once the events before this one are read.");
    } else {
        empty(ui, "Not read", "The state here is not known: the events before this one were not read.");
    }
}

fn nothing_ui(ui: &mut Ui, opened: &Opened, frame: &Frame) {
    if frame.is_not_read_to() {
        return not_read_ui(ui, opened);
    }
    let is_generic = opened.timeline().aggregate().schema().note.is_some();
    let none = format!("No {} here", noun(opened));
    let (title, text) = if opened.timeline().is_empty() {
        ("No state", "A state comes from events, and none can be read here.")
    } else if frame.index.is_none() {
        ("Before the first event", "There is no state yet. Step forward to see it come into being.")
    } else if is_generic {
        (&*none, "No event up to this revision holds a JSON object, whose fields would be shown.")
    } else {
        (&*none, "The events up to this revision make none.")
    };
    empty(ui, title, text);
}

fn problem_ui(ui: &mut Ui, p: &Palette, opened: &Opened, frame: &Frame) {
    let Some(text) = frame.index.and_then(|index| opened.timeline().problem_text(index)) else { return };
    egui::Frame::new().inner_margin(egui::Margin::symmetric(16, 10)).show(ui, |ui| {
        note(ui, p, "This event does not follow from the state before it.", &json::safe(&text));
        let fault = frame.problem.as_ref().and_then(|problem| problem.fault.as_deref());
        for line in fault.map(Fault::lines).unwrap_or_default() {
            let text = RichText::new(json::safe(&line)).font(theme::mono(theme::SMALL)).color(p.dim);
            ui.add(Label::new(text).wrap());
        }
    });
}

pub fn changes_ui(
    ui: &mut Ui,
    p: &Palette,
    (app, opened): (&App, &Opened),
    lines: &mut Lines,
    out: &mut Vec<Intent>,
) {
    let frame = opened.frame();
    ui.spacing_mut().item_spacing.y = 0.0;
    let name = lines.changed_name_width(ui.available_width());
    let grid = Grid::new(ui, ui.available_width() - 2.0 * SIDE - name - GAP);
    lines.lay_changes(frame, grid, row_height(ui));
    let mut toggled = None;
    lines.change_tops().rows_in_view(ui, |ui, place| {
        let Some(change) = frame.changes.get(place) else { return };
        let path = json::one_line(change.field.as_bytes(), SHOWN);
        let size = (lines.change_tops().height(place), Sense::click());
        let row = high_row(ui, p, Some(p.amber_bg), size, |ui, row| {
            cell(ui, name - GAP, RichText::new(&path).color(p.dim));
            let at = values_place(ui, row, row.left() + name + GAP, row.right());
            let parts: Vec<Part<'_>> = change_parts(change, p.red, p.green).collect();
            let fit = change_fit(grid, change, &lines.whole);
            if grid.show(ui, at, &parts, (fit, lines.whole.contains(&change.field)), &path) {
                toggled = Some(change.field.clone());
            }
        });
        if let Some(token) = change.after.as_ref().or(change.before.as_ref()) {
            let field = field_menu::Asked { path: &change.field, token };
            field_menu::focused_ui(ui, p, &row, &path);
            menu((&row, &row), "Field menu", row.has_focus() && is_key_pressed(&row), out, |menu| {
                field_menu::lines(menu, app, field, setter(opened, &change.field));
            });
        }
    });
    if let Some(path) = &toggled {
        lines.toggle_whole(path);
    }
    problem_ui(ui, p, opened, frame);
    output_ui(ui, p, frame);
    match (frame.mark, frame.record()) {
        (None, Some(_)) => not_read_ui(ui, opened),
        (Some(Mark::NotFolded), Some(record)) => {
            let (noun, kind) = (noun(opened), json::one_line(record.event_type.as_bytes(), SHOWN));
            let text = if opened.timeline().aggregate().schema().note.is_some() {
                "Its data is no JSON object, so the state stays as it was.".to_owned()
            } else {
                format!("The {noun} does not know {kind}, so its state stays as it was.")
            };
            empty(ui, "This event is not folded", &text);
        }
        (Some(Mark::Folded), _) if frame.changes.is_empty() => {
            empty(ui, "Nothing changed", "Every field kept the value that it had.");
        }
        (None, _) if opened.timeline().is_empty() => {
            empty(ui, "No changes", "Events change the state, and none can be read here.");
        }
        (None, _) => empty(ui, "Before the first event", "Nothing has changed yet. Step forward."),
        _ => {}
    }
    ui.add_space(8.0);
    line(ui, p);
}
