//! One payload in a box: made, wrapped and searched beside the frames where it is large, drawn where it is in view.

use super::beside::{Beside, Ended};
use super::parts::SHOWN;
use super::payload_row::{RowText, fold_ui, line_ui, row_job};
use crate::app::{Intent, ViewIntent};
use crate::history::KeptRecord;
use crate::record::payload_text::{Folds, Found, PayloadText, RowIndex, Shape};
use crate::ui::scroll::{Place, Rows, height_of};
use crate::ui::theme::{self, Palette};
use crate::ui::widgets::named;
use crate::ui::{format, ids};
use egui::{Label, Margin, RichText, Role, Ui};
use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

/// Larger payloads are worked on beside the frames, in bytes.
const LARGE: usize = 64 * 1024;
/// Points between the box and its text, and fewest rows of a box that does not show all of its.
const MARGIN: f32 = 10.0;
/// Points left of the text, where the buttons are that fold.
const GUTTER: f32 = 14.0;
const FEWEST_ROWS: f32 = 6.0;

/// Which payload of the event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Data,
    Metadata,
}

impl Part {
    fn name(self) -> &'static str {
        match self {
            Self::Data => "data",
            Self::Metadata => "metadata",
        }
    }
}

/// What is copied of a row.
#[derive(Debug, Clone, Copy)]
enum Copied {
    Path,
    Value,
}

impl Copied {
    fn name(self) -> &'static str {
        match self {
            Self::Path => "Copy path",
            Self::Value => "Copy value",
        }
    }
}

/// As what it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Readable,
    Bytes,
}

/// What is drawn; each part is kept while it is what is wanted.
#[derive(Clone)]
struct Drawn {
    text: Arc<PayloadText>,
    rows: Arc<RowIndex>,
    found: Arc<Found>,
    folds: Folds,
    /// The row that was chosen, by its place in the text, and its value.
    chosen: (Option<u32>, Option<Arc<Chosen>>),
}

/// The value of a row.
#[derive(Debug)]
struct Chosen {
    /// Empty for the root.
    path: String,
    /// Its bytes in the payload.
    bytes: Range<usize>,
}

#[derive(Clone)]
struct Source {
    record: KeptRecord,
    part: Part,
    form: Form,
}

impl Source {
    fn bytes(&self) -> &[u8] {
        let record = self.record.get();
        record.map_or(&[], |record| match self.part {
            Part::Data => record.data,
            Part::Metadata => record.metadata,
        })
    }

    /// What is not as it is wanted is made anew.
    fn draw(&self, before: Option<Drawn>, want: &Want, wanted: &dyn Fn() -> bool) -> Option<Drawn> {
        let data = self.bytes();
        let text = match (&before, self.form) {
            (Some(before), _) => before.text.clone(),
            (None, Form::Readable) => Arc::new(PayloadText::readable(data, wanted)?),
            (None, Form::Bytes) => Arc::new(PayloadText::bytes(data)),
        };
        let is_kept = |before: &&Drawn| before.rows.columns() == want.columns && before.folds == want.folds;
        let rows = match before.as_ref().filter(is_kept) {
            Some(before) => before.rows.clone(),
            None => Arc::new(text.rows(want.columns, &want.folds, wanted)?),
        };
        let chosen = if let Some(before) = before.as_ref().filter(|before| before.chosen.0 == want.at) {
            before.chosen.clone()
        } else {
            let value = want.at.map_or(Some(None), |place| text.value_at(place, wanted))?;
            let chosen = value.and_then(|value| {
                let bytes = text.value_range(data, &value, wanted)?;
                Some(Arc::new(Chosen { path: value.path, bytes }))
            });
            (want.at, chosen)
        };
        let found = match before.map(|before| before.found).filter(|found| found.sought == want.sought) {
            Some(found) => found,
            None => Arc::new(text.find(data, &want.sought, wanted)?),
        };
        Some(Drawn { text, rows, found, folds: want.folds.clone(), chosen })
    }
}

#[derive(Debug, Clone, PartialEq)]
struct Want {
    columns: usize,
    sought: String,
    folds: Folds,
    at: Option<u32>,
}

pub struct PayloadBox {
    source: Source,
    drawn: Option<Drawn>,
    work: Option<(Want, Beside<Drawn>)>,
    has_failed: bool,
    list: Rows<u64>,
    /// The hit that was last brought into view, and how often one was.
    shown: Option<(String, usize)>,
    turns: u64,
    folds: Folds,
    /// The row that was clicked, by its place in the text.
    at: Option<u32>,
}

impl PayloadBox {
    pub fn new(record: KeptRecord, part: Part, form: Form) -> Self {
        Self {
            source: Source { record, part, form },
            drawn: None,
            work: None,
            has_failed: false,
            list: Rows::default(),
            shown: None,
            turns: 0,
            folds: Folds::default(),
            at: None,
        }
    }

    /// What was found of this text; `None` while that is not known.
    pub fn found(&self, sought: &str) -> Option<&Found> {
        Some(&*self.drawn.as_ref()?.found).filter(|found| found.sought == sought)
    }

    pub fn shape(&self) -> Option<Shape> {
        self.drawn.as_ref().map(|drawn| drawn.text.shape())
    }

    /// Whether it will be another one without anything that a person does.
    pub fn waits(&self) -> bool {
        self.work.is_some()
            || self.drawn.as_ref().is_some_and(|drawn| drawn.folds != self.folds || drawn.chosen.0 != self.at)
    }

    pub fn len(&self) -> usize {
        self.source.bytes().len()
    }

    fn update(&mut self, columns: usize, sought: &str) {
        if let Some((_, work)) = &mut self.work
            && let Some(ended) = work.ended()
        {
            self.work = None;
            match ended {
                Ended::Done(drawn) => self.drawn = Some(drawn),
                Ended::Failed => self.has_failed = true,
            }
        }
        let is_met = |drawn: &Drawn| {
            drawn.rows.columns() == columns
                && drawn.found.sought == sought
                && drawn.folds == self.folds
                && drawn.chosen.0 == self.at
        };
        if self.has_failed || self.drawn.as_ref().is_some_and(is_met) {
            return;
        }
        // A text that is being made is not begun again for another width.
        if self.work.as_ref().is_some_and(|(want, _)| {
            self.drawn.is_none()
                || want.columns == columns
                    && want.sought == sought
                    && want.folds == self.folds
                    && want.at == self.at
        }) {
            return;
        }
        let want = Want { columns, sought: sought.to_owned(), folds: self.folds.clone(), at: self.at };
        if self.len() <= LARGE {
            self.drawn = self.source.draw(self.drawn.take(), &want, &|| true);
            return;
        }
        let (source, before, wants) = (self.source.clone(), self.drawn.clone(), want.clone());
        self.work = Some((want, Beside::start(move |wanted| source.draw(before, &wants, wanted))));
    }

    /// Draws it; `at` is the hit of it that is looked at.
    pub fn show(&mut self, ui: &mut Ui, p: &Palette, sought: &str, at: Option<usize>, out: &mut Vec<Intent>) {
        let font = theme::mono(theme::SMALL);
        let (height, column) =
            ui.fonts_mut(|fonts| (fonts.row_height(&font).ceil(), fonts.glyph_width(&font, '0')));
        // The bar lies in the margin.
        let width = ui.available_width() - MARGIN - GUTTER;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "columns on screen")]
        let columns = (width / column).max(1.0) as usize;
        self.update(columns, sought);
        #[expect(clippy::cast_possible_truncation, reason = "a small constant")]
        let margin = Margin { left: 0, ..Margin::same(MARGIN as i8) };
        self.path_ui(ui, p, out);
        egui::Frame::new().fill(p.bg).corner_radius(6.0).inner_margin(margin).show(ui, |ui| {
            ui.set_width(ui.available_width());
            match &self.drawn {
                Some(_) => self.rows_ui(ui, p, height, (sought, at), out),
                None if self.has_failed => {
                    let said = "This payload cannot be shown: Copy data gives all of it.";
                    ui.label(RichText::new(said).color(p.amber));
                }
                None => {
                    let said = format!("Preparing {} …", format::size(self.len() as u64));
                    ui.label(RichText::new(said).color(p.dim));
                }
            }
        });
    }

    /// The path of the row that was chosen, and what copies it and its value.
    fn path_ui(&self, ui: &mut Ui, p: &Palette, out: &mut Vec<Intent>) {
        if self.shape() != Some(Shape::Json) {
            return;
        }
        ui.horizontal(|ui| {
            for copied in [Copied::Path, Copied::Value] {
                let Some(text) = self.copied(copied) else { continue };
                let link = ui.link(RichText::new(copied.name()).size(theme::SMALL));
                named(&link, Role::Button, copied.name());
                if link.clicked() {
                    out.push(Intent::View(ViewIntent::Copy(text.into_owned())));
                }
            }
            let text = match self.chosen() {
                // A path of many levels is cut before it is laid out.
                Some(chosen) => format::elided(&chosen.path, SHOWN).into_owned(),
                None => "Choose a line for its path and value".to_owned(),
            };
            let text = RichText::new(text).font(theme::mono(theme::SMALL)).color(p.dim);
            ui.add(Label::new(text).truncate());
        });
    }

    /// Of the row that was chosen last.
    fn chosen(&self) -> Option<&Arc<Chosen>> {
        self.drawn.as_ref()?.chosen.1.as_ref()
    }

    /// What copying gives; the root has no path.
    fn copied(&self, what: Copied) -> Option<Cow<'_, str>> {
        let chosen = self.chosen()?;
        match what {
            Copied::Path => Some(chosen.path.as_str().into()).filter(|path: &Cow<'_, str>| !path.is_empty()),
            Copied::Value => self.source.bytes().get(chosen.bytes.clone()).map(String::from_utf8_lossy),
        }
    }

    /// Whether a row has the focus: the arrows fold then.
    pub fn has_focus(&self) -> bool {
        self.list.has_focus()
    }

    pub fn fold_all(&mut self, folds: Folds) {
        self.folds = folds;
    }

    fn rows_ui(
        &mut self,
        ui: &mut Ui,
        p: &Palette,
        height: f32,
        (sought, at): (&str, Option<usize>),
        out: &mut Vec<Intent>,
    ) {
        let Some(Drawn { text, rows, found, .. }) = self.drawn.clone() else { return };
        let at = at.filter(|_| found.sought == sought);
        let hit = at.and_then(|at| found.hits.get(at));
        let row = hit.map(|hit| text.row_at(&rows, hit.start));
        let is_new = row.is_some()
            && self.shown.as_ref().map(|(sought, at)| (&**sought, Some(*at))) != Some((sought, at));
        // A hit inside what is folded is shown once that is unfolded.
        let hidden = hit.filter(|_| is_new).and_then(|hit| text.hides(&rows, hit.start));
        if let Some(bracket) =
            hidden.filter(|_| self.drawn.as_ref().is_some_and(|drawn| drawn.folds == self.folds))
        {
            self.folds.toggle(bracket);
        }
        let turns = is_new && hidden.is_none();
        if turns {
            self.shown = at.map(|at| (sought.to_owned(), at));
            self.turns += 1;
        }
        let room = (ui.clip_rect().height() - 80.0).max(FEWEST_ROWS * height);
        let all = height_of(rows.count(), height);
        let (bar, name) = match self.source.part {
            Part::Data => (ids::data_bar_id(), "Scroll data"),
            Part::Metadata => (ids::metadata_bar_id(), "Scroll metadata"),
        };
        let place =
            Place { key: self.turns, row, keep: false, row_height: height, height: all.min(room), bar, name };
        let top = ui.cursor().top();
        let data = self.source.bytes();
        ui.spacing_mut().item_spacing.y = 0.0;
        let (mut toggled, mut clicked, mut menu) = (None, None, None);
        let is_json = text.shape() == Shape::Json;
        self.list.show(ui, place, rows.count(), |ui, row| {
            let marks = text.marks(&rows, row, &found);
            let marks = marks.into_iter().map(|(mark, hit)| {
                let (fill, color) =
                    if Some(hit) == at { (p.accent, p.on_accent) } else { (p.amber_bg, p.text) };
                (mark, fill, color)
            });
            let shown = RowText { text: text.row(&rows, row, data), tokens: text.tokens(&rows, row) };
            let job = row_job(&shown, p, marks);
            let fold = text.fold(&rows, row);
            let line = format!("Line {} of {}", format::count(row as u64 + 1), self.source.part.name());
            let line = line_ui(ui, &shown, &line, fold.map(|(_, is_folded)| is_folded));
            let slot = egui::Rect::from_min_size(ui.max_rect().min, egui::vec2(GUTTER, height));
            let name = if row == 0 { self.source.part.name().to_owned() } else { shown.name(row) };
            if let Some((bracket, is_folded)) = fold
                && (fold_ui(ui, p, slot, &name, is_folded) || line.folds(is_folded))
            {
                toggled = Some(bracket);
            }
            if is_json && line.is_chosen {
                clicked = Some(text.place(&rows, row));
            }
            ui.spacing_mut().interact_size.y = height;
            ui.horizontal(|ui| {
                ui.add_space(GUTTER);
                let label = ui.add(Label::new(job).extend());
                // The label keeps its text selectable; a click on it is no selection.
                if is_json && (label.clicked() || label.secondary_clicked()) {
                    clicked = Some(text.place(&rows, row));
                }
                if is_json {
                    label.context_menu(|ui| {
                        for copied in [Copied::Path, Copied::Value] {
                            if ui.button(copied.name()).clicked() {
                                menu = Some(copied);
                            }
                        }
                    });
                }
            });
            line.response
        });
        let copied = menu.and_then(|copied| self.copied(copied));
        out.extend(copied.map(|text| Intent::View(ViewIntent::Copy(text.into_owned()))));
        if let Some(bracket) = toggled {
            self.folds.toggle(bracket);
        }
        self.at = clicked.or(self.at);
        if turns {
            let shown = egui::Rect::from_x_y_ranges(ui.max_rect().x_range(), top..=ui.cursor().top());
            ui.scroll_to_rect(shown, None);
        }
    }
}
