//! Where the window stood before a lesson, so that leaving it leads back there.

use super::intent::Tab;
use super::list::Facet;
use super::time::History;
use crate::record::Created;
use crate::store::Target;

#[derive(Debug)]
pub(super) struct BeforeLesson {
    pub target: Target,
    pub category: String,
    pub filter: String,
    pub facet: Facet,
    pub tab: Tab,
    /// The open stream and the playhead on it.
    pub history: History,
    /// The moment where the list stood.
    pub moment: Option<Created>,
    pub last_stream: Option<String>,
    pub last_place: Option<String>,
}
