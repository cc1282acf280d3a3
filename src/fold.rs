//! What a history needs to know of an aggregate, and nothing else: the seam that a second aggregate would fill.

/// An aggregate's evolution, told in event types and bytes so that it knows no database.
pub trait Fold {
    /// The rehydrated aggregate; small, because keyframes keep copies of it.
    type State: Clone + PartialEq + Send + Sync + std::fmt::Debug;

    /// The state before any event.
    fn initial(&self) -> Self::State;

    /// The state where the first events can no longer be read.
    fn truncated(&self) -> Self::State;

    /// Whether the state can be told; it cannot where the beginning is gone and nothing after it makes up for that.
    fn is_told(&self, state: &Self::State) -> bool;

    /// One step; never fails, because odd history is data.
    fn apply(&self, state: &Self::State, event_type: &str, data: &[u8]) -> Applied<Self::State>;

    /// The state's fields in display order, `None` where there is no aggregate yet.
    fn fields(&self, state: &Self::State) -> Option<Vec<Field>>;
}

/// What one event did to the state.
#[derive(Debug, Clone, PartialEq)]
pub enum Applied<S> {
    Folded(S),
    /// The fold does not know this event type; the state stays.
    NotFolded,
    /// The fold knows the type but the event cannot follow; the state stays.
    Problem(Problem),
}

/// An event that cannot follow from the state before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Stable kebab-case name, for scripts.
    pub kind: &'static str,
    /// One sentence without its full stop, so that history can add "at revision N".
    pub text: String,
    /// The state's field that the event contradicts; the revision that set it explains the problem.
    pub contradicts: Option<&'static str>,
}

/// One field of the state; the value is JSON text with its number token kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    pub name: &'static str,
    pub value: String,
}
