//! The lines of the palette: as wide as the list, as high as their text, drawn where they are in view.

use crate::app::{Chord, Hit, HitKind, PaletteHits, Take};
use crate::record::Created;
use crate::ui::icon::{self, Icon};
use crate::ui::theme::{self, Palette};
use crate::ui::widgets::whole_on_hover;
use egui::text::{LayoutJob, TextWrapping};
use egui::{
    Color32, CornerRadius, FontId, Rect, Response, Role, ScrollArea, Sense, Stroke, StrokeKind, TextFormat,
    Ui, WidgetInfo, pos2, vec2,
};

/// Above and below the text of a line, and its place between icon and key.
const PAD: f32 = 9.0;
const LEFT: f32 = 38.0;
const RIGHT: f32 = 110.0;
const ICON: f32 = 11.0;
/// Lines of text that a hit takes at most.
const ROWS: usize = 2;

/// Which line is chosen, and where each of them stands.
#[derive(Default)]
pub struct HitList {
    chosen: usize,
    /// The chosen hit, once a person chose one: it stays so while others come.
    kept: Option<(HitKind, String)>,
    shown: Vec<Shown>,
    /// What the lines were laid out for.
    made_for: Option<(f32, f32, bool, u64)>,
    height: f32,
    /// The chosen line is to be brought into view.
    turns: bool,
}

struct Shown {
    top: f32,
    height: f32,
    /// Laid out again in each frame that draws it: the places of its glyphs change with the fonts' texture.
    job: LayoutJob,
}

impl HitList {
    pub fn chosen(&self) -> usize {
        self.chosen
    }

    /// The moment to which Ctrl+Enter takes the list: that of the chosen line, or the first one.
    pub fn moment(&self, hits: &[Hit]) -> Option<Created> {
        let chosen = hits.get(self.chosen).and_then(|hit| hit.moment);
        chosen.or_else(|| hits.iter().find_map(|hit| hit.moment))
    }

    /// Lays the lines out where they or the width changed; another text begins with the first of them.
    pub fn update(&mut self, ui: &Ui, hits: &PaletteHits, is_other: bool) {
        if is_other {
            (self.chosen, self.kept, self.turns) = (0, None, true);
        }
        let width = ui.available_width() - LEFT - RIGHT;
        let dark = ui.visuals().dark_mode;
        let key = Some((width, ui.pixels_per_point(), dark, hits.generation()));
        if self.made_for == key {
            return;
        }
        (self.made_for, self.height) = (key, 0.0);
        let hits = hits.hits();
        let p = theme::palette(ui);
        self.shown.clear();
        for hit in hits {
            let job = job(p, hit, width);
            let text = ui.fonts_mut(|fonts| fonts.layout_job(job.clone()));
            let height = (text.size().y + 2.0 * PAD).ceil();
            self.shown.push(Shown { top: self.height, height, job });
            self.height += height;
        }
        let same = |(kind, title): &(HitKind, String)| {
            hits.iter().position(|hit| hit.kind == *kind && hit.title == *title)
        };
        self.chosen = self.kept.as_ref().and_then(same).unwrap_or(self.chosen);
        self.chosen = self.chosen.min(hits.len().saturating_sub(1));
    }

    /// So many lines down, or pages of this height.
    pub fn step(&mut self, hits: &[Hit], by: i64, pages: i64, height: f32) {
        if by == 0 && pages == 0 {
            return;
        }
        let last = i64::try_from(hits.len()).unwrap_or(i64::MAX) - 1;
        let mut to = i64::try_from(self.chosen).unwrap_or(0).saturating_add(by).clamp(0, last.max(0));
        for _ in 0..pages.unsigned_abs() {
            to = self.page(to, pages > 0, height);
        }
        self.chosen = usize::try_from(to).unwrap_or(0);
        self.kept = hits.get(self.chosen).map(|hit| (hit.kind, hit.title.clone()));
        self.turns = true;
    }

    /// The line that is a page from this one.
    fn page(&self, from: i64, down: bool, height: f32) -> i64 {
        let Some(top) = usize::try_from(from).ok().and_then(|from| self.shown.get(from)).map(|line| line.top)
        else {
            return from;
        };
        let to = if down { top + height } else { top - height };
        let before = self.shown.partition_point(|line| line.top + line.height <= to);
        let last = self.shown.len().saturating_sub(1);
        i64::try_from(before.min(last)).unwrap_or(from)
    }

    /// The lines that are in view; the place of the one that was clicked.
    pub fn show(&mut self, ui: &mut Ui, hits: &[Hit], height: f32) -> Option<usize> {
        let mut clicked = None;
        let area = ScrollArea::vertical()
            .id_salt("hits")
            .auto_shrink(false)
            .max_height(height)
            .min_scrolled_height(height);
        let turns = std::mem::take(&mut self.turns);
        area.show_viewport(ui, |ui, view| {
            ui.set_height(self.height.max(height));
            let origin = ui.max_rect().min;
            let width = ui.available_width();
            let place = |line: &Shown| {
                Rect::from_min_size(pos2(origin.x, origin.y + line.top), vec2(width, line.height))
            };
            if let Some(line) = self.shown.get(self.chosen).filter(|_| turns) {
                ui.scroll_to_rect_animation(place(line), None, egui::style::ScrollAnimation::none());
            }
            let ctrl = self.ctrl_place(hits);
            let first = self.shown.partition_point(|line| line.top + line.height < view.top());
            for (at, (line, hit)) in self.shown.iter().zip(hits).enumerate().skip(first) {
                if line.top > view.bottom() {
                    break;
                }
                let key = match (at == self.chosen, Some(at) == ctrl) {
                    (true, _) if hit.take != Take::Nothing => Some("Enter".to_owned()),
                    (false, true) => Some("Ctrl Enter".to_owned()),
                    _ => None,
                };
                if line_ui(ui, place(line), (at, hit, line), at == self.chosen, key).clicked() {
                    clicked = Some(at);
                }
            }
        });
        clicked
    }

    /// The line that says what Ctrl+Enter does.
    fn ctrl_place(&self, hits: &[Hit]) -> Option<usize> {
        let moment = self.moment(hits)?;
        hits.iter().rposition(|hit| hit.moment == Some(moment))
    }
}

fn job(p: &Palette, hit: &Hit, width: f32) -> LayoutJob {
    let font = FontId::proportional(theme::BODY);
    let is_dim = hit.kind == HitKind::Unlisted || hit.take == Take::Nothing;
    let title = if is_dim { p.dim } else { p.text };
    let effect = if is_dim { p.faint } else { p.dim };
    let mut job = LayoutJob::default();
    job.append(&hit.title, 0.0, TextFormat::simple(font.clone(), title));
    job.append(&hit.effect, if hit.effect.is_empty() { 0.0 } else { 6.0 }, TextFormat::simple(font, effect));
    job.wrap = TextWrapping { max_width: width.max(80.0), max_rows: ROWS, ..TextWrapping::default() };
    job
}

fn line_ui(
    ui: &mut Ui,
    rect: Rect,
    (at, hit, line): (usize, &Hit, &Shown),
    chosen: bool,
    key: Option<String>,
) -> Response {
    let p = theme::palette(ui);
    let row = ui.interact(rect, ui.scope_id().with(at), Sense::click());
    let name =
        if hit.effect.is_empty() { hit.title.clone() } else { format!("{}: {}", hit.title, hit.effect) };
    row.widget_info(|| WidgetInfo::selected(Role::Button, true, chosen, &name));
    if chosen || row.hovered() {
        ui.painter().rect_filled(rect, 0.0, if chosen { p.accent_bg } else { p.raise });
    }
    let (sign, color) = sign(p, hit.kind);
    let center = pos2(rect.left() + 21.0, rect.center().y);
    icon::paint(ui.painter(), Rect::from_center_size(center, egui::Vec2::splat(ICON)), sign, color);
    let text = ui.fonts_mut(|fonts| fonts.layout_job(line.job.clone()));
    let place = pos2(rect.left() + LEFT, rect.center().y - text.size().y / 2.0);
    ui.painter().galley(place, text.clone(), p.text);
    let row = whole_on_hover(row, rect, &text);
    if let Some(key) = key.or_else(|| hit.chord.map(Chord::text)) {
        key_ui(ui, p, rect, &key);
    }
    row
}

/// The key at the right of a line, as it is written on the keyboard.
fn key_ui(ui: &Ui, p: &Palette, rect: Rect, text: &str) {
    let galley = ui.painter().layout_no_wrap(text.to_owned(), theme::mono(11.0), p.dim);
    let size = galley.size() + vec2(10.0, 4.0);
    let center = pos2(rect.right() - 16.0 - size.x / 2.0, rect.center().y);
    let place = Rect::from_center_size(center, size);
    ui.painter().rect_stroke(place, CornerRadius::same(4), Stroke::new(1.0, p.line), StrokeKind::Inside);
    ui.painter().galley(place.center() - galley.size() / 2.0, galley, p.dim);
}

fn sign(p: &Palette, kind: HitKind) -> (Icon, Color32) {
    match kind {
        HitKind::Moment => (Icon::Clock, p.amber),
        HitKind::Revision => (Icon::Clock, p.accent),
        HitKind::Search => (Icon::Search, p.accent),
        HitKind::Stream => (Icon::Arrow, p.accent),
        HitKind::Unlisted => (Icon::Arrow, p.faint),
        HitKind::Event => (Icon::Dot, p.accent),
        HitKind::Field => (Icon::Lines, p.dim),
        HitKind::Command => (Icon::Forward, p.dim),
        HitKind::Connection => (Icon::Half, p.dim),
        HitKind::Category => (Icon::Lines, p.accent),
        HitKind::Wrong => (Icon::Warning, p.amber),
    }
}
