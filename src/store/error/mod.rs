//! What goes wrong outside the domain, as data; the sentences are made in the room `sentences`.

mod append_error;
mod certificate_fault;
mod connection_string_fault;
mod declaration;
mod denial;
mod export_fault;
mod sandbox_fault;
mod store_error;
mod tls_cause;

pub use append_error::AppendError;
pub use certificate_fault::{CertificateFault, FileFault, NamedBy};
pub use connection_string_fault::{ConnectionStringFault, DropReason, LeftOut, OptionValues};
pub use declaration::{Declaration, Guarded, Undeclared};
pub use denial::Denial;
pub use export_fault::ExportFault;
pub use sandbox_fault::SandboxFault;
pub use store_error::{ConnectionCause, StoreError};
pub use tls_cause::{CertificateName, NoHandshake, TlsCause};
