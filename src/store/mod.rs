//! Async IO over the `eventstore` client: the only place that talks to a database; knows no window.

mod append_result;
mod appends;
mod cluster;
mod comparison;
mod connection_watch;
mod diagnosis;
mod error;
mod event_feed;
mod ever;
mod export;
mod found_problem;
mod grpc;
mod handle;
mod home_folder;
mod life;
mod list_progress;
mod listing;
mod log;
mod log_tasks;
mod message;
mod newest_task;
mod origin;
mod past_questions;
mod problems;
mod read_ahead;
mod reappearance;
mod rehydrated;
mod related;
mod related_question;
mod retry;
mod risk;
mod served_file;
mod server_certificate;
mod stream_limits;
mod stream_row;
mod stream_subscription;
mod ticket;
mod update_sender;
mod worker;
mod writing;

pub use append_result::Written;
pub use cluster::{Cluster, ClusterNode, NodeFault, NodePreference, NodeState};
pub use connection_watch::keep_at_best;
pub use diagnosis::{Change, ConnectionTest, Diagnosis, Fact, Finding, Members, Step, StepKind, Warning};
pub use error::{
    AppendError, CertificateFault, CertificateName, ConnectionCause, ConnectionStringFault, Declaration,
    Denial, DropReason, ExportFault, FileFault, Guarded, LeftOut, NamedBy, NoHandshake, OptionValues,
    SandboxFault, StoreError, TlsCause, Undeclared,
};
pub use ever::{EverQuestion, EverStep, FirstTrue, known_position, sort_by_time};
pub use export::{ExportFile, ExportLines};
pub use found_problem::{FoundProblem, ProblemQuestion, ProblemStep};
pub use grpc::{ConnectionString, Session, StoppedProjection};
pub use handle::Store;
pub use home_folder::in_home;
pub use life::Life;
pub use list_progress::{Listing, Unseen};
pub use listing::{
    CaughtUpList, KeptLists, PastList, RowField, RowSort, SortKey, has_within, has_word, has_word_beginning,
    last_deciding, meets, nearest_field, shared_columns, status_text,
};
pub use log::{
    Lag, LogAsks, LogEvent, LogFeed, LogQuestion, LogQuestions, LogScope, LogStep, NewestEvents,
    ParkedMessage, Projection, Projections, Scan, ScanEnd, ScanStart, ScanStep, Search,
};
pub use message::*;
pub use origin::here;
pub use past_questions::{ChangeKind, DifferenceQuestion, PastQuestion, PastQuestions};
pub use rehydrated::Rehydrated;
pub use related::RelatedRead;
pub use related_question::{RelatedEnd, RelatedQuestion, RelatedSource, RelatedStep, Sought};
pub use risk::Risk;
pub use served_file::ServedFile;
pub use server_certificate::{PublicKey, ServerCertificate};
pub use stream_row::*;
pub use stream_subscription::Tail;
pub use ticket::Ticket;
pub use update_sender::Wake;
pub use worker::Resolve;
pub use writing::{Journal, JournalAnswer, JournalEntry, JournalUnreadable, Writer};
