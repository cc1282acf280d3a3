//! One payload in a box: made, wrapped and searched beside the frames where it is large, drawn where it is in view.

use super::beside::{Beside, Ended};
use crate::history::KeptRecord;
use crate::record::payload_text::{Found, PayloadText, RowIndex, Shape};
use crate::ui::scroll::{Place, Rows, height_of};
use crate::ui::theme::{self, Palette};
use crate::ui::{format, ids};
use egui::text::{LayoutJob, TextFormat};
use egui::{Label, RichText, Ui};
use std::sync::Arc;

/// Larger payloads are worked on beside the frames, in bytes.
const LARGE: usize = 64 * 1024;
/// Points between the box and its text, and fewest rows of a box that does not show all of its.
const MARGIN: f32 = 10.0;
const FEWEST_ROWS: f32 = 6.0;

/// Which payload of the event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Data,
    Metadata,
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
        let (rows, found) = before.map(|before| (before.rows, before.found)).unzip();
        let rows = match rows.filter(|rows| rows.columns() == want.columns) {
            Some(rows) => rows,
            None => Arc::new(text.rows(want.columns, wanted)?),
        };
        let found = match found.filter(|found| found.sought == want.sought) {
            Some(found) => found,
            None => Arc::new(text.find(data, &want.sought, wanted)?),
        };
        Some(Drawn { text, rows, found })
    }
}

#[derive(Debug, Clone, PartialEq)]
struct Want {
    columns: usize,
    sought: String,
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
        let is_wanted = |drawn: &Drawn| drawn.rows.columns() == columns && drawn.found.sought == sought;
        if self.has_failed || self.drawn.as_ref().is_some_and(is_wanted) {
            return;
        }
        // A text that is being made is not begun again for another width.
        if self
            .work
            .as_ref()
            .is_some_and(|(want, _)| self.drawn.is_none() || want.columns == columns && want.sought == sought)
        {
            return;
        }
        let want = Want { columns, sought: sought.to_owned() };
        if self.len() <= LARGE {
            self.drawn = self.source.draw(self.drawn.take(), &want, &|| true);
            return;
        }
        let (source, before, wants) = (self.source.clone(), self.drawn.clone(), want.clone());
        self.work = Some((want, Beside::start(move |wanted| source.draw(before, &wants, wanted))));
    }

    /// Draws it; `at` is the hit of it that is looked at.
    pub fn show(&mut self, ui: &mut Ui, p: &Palette, sought: &str, at: Option<usize>) {
        let font = theme::mono(theme::SMALL);
        let (height, column) =
            ui.fonts_mut(|fonts| (fonts.row_height(&font).ceil(), fonts.glyph_width(&font, '0')));
        // The bar lies in the margin.
        let width = ui.available_width() - 2.0 * MARGIN;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "columns on screen")]
        let columns = (width / column).max(1.0) as usize;
        self.update(columns, sought);
        egui::Frame::new().fill(p.bg).corner_radius(6.0).inner_margin(MARGIN).show(ui, |ui| {
            ui.set_width(ui.available_width());
            match &self.drawn {
                Some(_) => self.rows_ui(ui, p, height, sought, at),
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

    fn rows_ui(&mut self, ui: &mut Ui, p: &Palette, height: f32, sought: &str, at: Option<usize>) {
        let Some(Drawn { text, rows, found }) = self.drawn.clone() else { return };
        let at = at.filter(|_| found.sought == sought);
        let hit = at.and_then(|at| found.hits.get(at));
        let row = hit.map(|hit| text.row_at(&rows, hit.start));
        let turns = row.is_some()
            && self.shown.as_ref().map(|(sought, at)| (&**sought, Some(*at))) != Some((sought, at));
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
        self.list.show(ui, place, rows.count(), |ui, row| {
            let marks = text.marks(&rows, row, &found);
            let marks = marks.into_iter().map(|(mark, hit)| {
                let (fill, color) =
                    if Some(hit) == at { (p.accent, p.on_accent) } else { (p.amber_bg, p.text) };
                (mark, fill, color)
            });
            ui.add(Label::new(job(&text.row(&rows, row, data), p, marks)).extend())
        });
        if turns {
            let shown = egui::Rect::from_x_y_ranges(ui.max_rect().x_range(), top..=ui.cursor().top());
            ui.scroll_to_rect(shown, None);
        }
    }
}

/// The text of a row with what was found in it marked.
fn job(
    row: &str,
    p: &Palette,
    marks: impl Iterator<Item = (std::ops::Range<usize>, egui::Color32, egui::Color32)>,
) -> LayoutJob {
    let plain = TextFormat { font_id: theme::mono(theme::SMALL), color: p.text, ..TextFormat::default() };
    let mut job = LayoutJob::default();
    let mut done = 0;
    for (mark, background, color) in marks {
        job.append(row.get(done..mark.start).unwrap_or_default(), 0.0, plain.clone());
        let marked = TextFormat { background, color, ..plain.clone() };
        job.append(row.get(mark.clone()).unwrap_or_default(), 0.0, marked);
        done = mark.end;
    }
    job.append(row.get(done..).unwrap_or_default(), 0.0, plain);
    job
}
