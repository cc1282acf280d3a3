//! The sizes of panels that a person dragged.

use serde::{Deserialize, Serialize};

/// A panel whose size can be dragged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SizedPanel {
    List,
    Inspector,
    /// Under the table, in a narrow window.
    InspectorBelow,
}

/// In points; `None` until it is dragged. The field names are a stored format.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PanelSizes {
    list: Option<f32>,
    inspector: Option<f32>,
    inspector_below: Option<f32>,
}

impl PanelSizes {
    pub fn get(self, panel: SizedPanel) -> Option<f32> {
        let size = match panel {
            SizedPanel::List => self.list,
            SizedPanel::Inspector => self.inspector,
            SizedPanel::InspectorBelow => self.inspector_below,
        };
        size.filter(|size| size.is_finite())
    }

    pub(super) fn set(&mut self, panel: SizedPanel, size: f32) {
        let kept = match panel {
            SizedPanel::List => &mut self.list,
            SizedPanel::Inspector => &mut self.inspector,
            SizedPanel::InspectorBelow => &mut self.inspector_below,
        };
        *kept = Some(size);
    }
}
