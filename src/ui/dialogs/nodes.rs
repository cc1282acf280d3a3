//! Every node of the connection: address, role, what it does.

use crate::app::{App, WriteMode};
use crate::record::json;
use crate::sentences::{NodeUse, node_activity, node_role};
use crate::store::{Cluster, ClusterNode, Connection};
use crate::ui::connection_text::{address, read_node, since, stale};
use crate::ui::icon::{Icon, paint};
use crate::ui::theme::{self, Palette};
use crate::ui::widgets::{elided, named};
use egui::{
    Color32, FontId, Label, Layout, Rect, RichText, Role, ScrollArea, Sense, Ui, UiBuilder, pos2, vec2,
};

/// Beside the panel's content.
pub const SIDE: i8 = 16;
const ROW: f32 = 33.0;
/// Room for the dot.
const DOT: f32 = 20.0;
/// Of the addresses and the roles, with the gap behind them.
const ADDRESS: std::ops::RangeInclusive<f32> = 165.0..=276.0;
const ROLE: f32 = 124.0;
/// What a window keeps above and below the nodes.
const AROUND: f32 = 430.0;
const FEWEST: f32 = 3.0 * ROW;

/// A line of the table.
struct Line {
    dot: Color32,
    address: String,
    role: &'static str,
    state: String,
    is_wrong: bool,
    hover: String,
}

pub fn nodes_ui(ui: &mut Ui, app: &App) {
    let p = theme::palette(ui);
    let width = address_width(ui, app, p);
    head_ui(ui, p, width);
    let most = (ui.ctx().content_rect().height() - AROUND).max(FEWEST);
    let nodes = u16::try_from(app.cluster().map_or(1, |cluster| cluster.nodes.len())).unwrap_or(u16::MAX);
    // A row that is cut in half tells that there are more.
    let cut = ((most / ROW).floor() - 0.5) * ROW;
    let height = if f32::from(nodes) * ROW > most { cut } else { most };
    let area = ScrollArea::vertical().id_salt("nodes").max_height(height).auto_shrink([false, true]);
    match app.cluster() {
        Some(cluster) => area.show_rows(ui, ROW, cluster.nodes.len(), |ui, rows| {
            for node in &cluster.nodes[rows] {
                line_ui(ui, p, &line(app, p, cluster, node), width);
            }
        }),
        None => area.show(ui, |ui| {
            for node in address(app).split(',') {
                line_ui(ui, p, &untold(app, p, node), width);
            }
        }),
    };
}

/// As wide as the widest address, within bounds.
fn address_width(ui: &Ui, app: &App, p: &Palette) -> f32 {
    let wide = |address: &str| {
        let galley = elided(ui, address, theme::mono(theme::SMALL), p.text, *ADDRESS.end());
        galley.size().x + 16.0
    };
    let widest = match app.cluster() {
        Some(cluster) => cluster.nodes.iter().map(|node| wide(&node.address)).fold(0.0, f32::max),
        None => address(app).split(',').map(wide).fold(0.0, f32::max),
    };
    widest.clamp(*ADDRESS.start(), *ADDRESS.end())
}

/// The places of address, role and state in a row.
fn columns(row: Rect, width: f32) -> [Rect; 3] {
    let row = row.shrink2(vec2(f32::from(SIDE), 0.0));
    let (address, role) = (row.left() + DOT, row.left() + DOT + width);
    let cell = |from: f32, to: f32| Rect::from_x_y_ranges(from..=to.max(from), row.y_range());
    [cell(address, role - 8.0), cell(role, role + ROLE - 8.0), cell(role + ROLE, row.right())]
}

fn head_ui(ui: &mut Ui, p: &Palette, width: f32) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
    ui.painter().hline(rect.x_range(), rect.top(), (1.0, p.line));
    ui.painter().hline(rect.x_range(), rect.bottom(), (1.0, p.line));
    for (cell, name) in columns(rect, width).into_iter().zip(["Node", "Role", "State"]) {
        let font = FontId::proportional(theme::SMALL);
        ui.painter().text(cell.left_center(), egui::Align2::LEFT_CENTER, name, font, p.dim);
    }
}

fn line_ui(ui: &mut Ui, p: &Palette, line: &Line, width: f32) {
    let (rect, row) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
    named(&row, Role::Row, &format!("{} {} {}", line.address, line.role, line.state));
    ui.painter().hline(rect.x_range(), rect.bottom(), (1.0, p.line));
    let dot = pos2(rect.left() + f32::from(SIDE) + 4.0, rect.center().y);
    paint(ui.painter(), Rect::from_center_size(dot, vec2(8.0, 8.0)), Icon::Dot, line.dot);
    let body = || FontId::proportional(theme::BODY);
    let texts = [
        (&*line.address, theme::mono(theme::SMALL), p.text),
        (line.role, body(), p.text),
        (&*line.state, body(), if line.is_wrong { p.text } else { p.dim }),
    ];
    for (cell, (text, font, color)) in columns(rect, width).into_iter().zip(texts) {
        let layout = Layout::left_to_right(egui::Align::Center);
        let mut ui = ui.new_child(UiBuilder::new().max_rect(cell).layout(layout));
        ui.add(Label::new(RichText::new(text).font(font).color(color)).truncate());
    }
    if !line.hover.is_empty() {
        row.on_hover_text(&line.hover);
    }
}

/// What is known of a node of a cluster.
fn line(app: &App, p: &Palette, cluster: &Cluster, node: &ClusterNode) -> Line {
    let name = json::safe(&node.address).into_owned();
    let online = matches!(app.connection(), Connection::Online { .. });
    let of = since(node.since);
    if !online {
        // Who does not answer says nothing of the others.
        let last = stale(app).filter(|_| node.answers()).unwrap_or_else(|| of.clone());
        let state = format!("no answer since {last}");
        return Line {
            dot: p.faint, address: name, role: "—", state, is_wrong: false, hover: String::new()
        };
    }
    let is_read =
        node.state.reads() && read_node(app, cluster).is_some_and(|read| read.address == node.address);
    let is_written = cluster.leader().is_some_and(|leader| leader.address == node.address)
        && app.write_mode() != WriteMode::ReadOnly;
    let latency = app.latency().filter(|_| is_read && stale(app).is_none());
    let used = NodeUse { is_read, is_written, latency };
    let role = node_role(node.state).filter(|_| node.answers()).unwrap_or("—");
    let dot = match (node.answers(), node.state.reads()) {
        (true, true) => p.green,
        (true, false) => p.amber,
        (false, _) if node.answer.is_none() && node.is_alive => p.faint,
        (false, _) => p.red,
    };
    let hover = match &node.answer {
        Some(Ok(took)) => {
            format!("{role} since {of}, answers in {:.1} ms", took.as_secs_f64() * 1000.0)
        }
        _ => String::new(),
    };
    let state = json::safe(&node_activity(node, cluster.lag(node), used, &of)).into_owned();
    Line { dot, address: name, role, state, is_wrong: !node.answers(), hover }
}

/// A node of which no gossip was heard.
fn untold(app: &App, p: &Palette, node: &str) -> Line {
    let (dot, state) = match (app.connection(), stale(app)) {
        (Connection::Online { .. }, _) => {
            let here =
                if app.write_mode() == WriteMode::ReadOnly { "reading" } else { "reading and writing" };
            let latency =
                app.latency().map_or_else(String::new, |l| format!(", {:.1} ms", l.as_secs_f64() * 1000.0));
            (p.green, format!("{here} here{latency}"))
        }
        (_, Some(last)) => (p.faint, format!("no answer since {last}")),
        (Connection::Connecting { .. }, None) => (p.amber, "connecting".to_owned()),
        (Connection::Waiting { .. }, None) => (p.red, "no answer yet".to_owned()),
        (Connection::Offline, None) => (p.faint, "not connected".to_owned()),
    };
    let address = json::safe(if node.is_empty() { "this machine" } else { node }).into_owned();
    Line { dot, address, role: "—", state, is_wrong: false, hover: String::new() }
}
