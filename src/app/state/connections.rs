//! The list of connections: what changed it, and the file that carries it to another machine.

use super::app::App;
use crate::app::connections::{ConnectionFault, KnownConnection, export, import};
use crate::app::failure::Failure;
use crate::app::intent::Effect;
use std::path::PathBuf;

impl App {
    /// What is remembered of the server that is connected, or is to be; `None` on the sandbox.
    pub fn known_connection(&self) -> Option<&KnownConnection> {
        self.settings.known(&self.connection.target)
    }

    pub(super) fn changed_connections(&mut self, changed: Result<(), ConnectionFault>) -> Vec<Effect> {
        match changed {
            Ok(()) => vec![Effect::Save],
            Err(fault) => {
                self.view.fail(fault.into());
                Vec::new()
            }
        }
    }

    pub(super) fn export_connections(&mut self) -> Vec<Effect> {
        let (text, count) = export(&self.settings.recent);
        if count == 0 {
            self.view.say("No connection has a name yet, so there is nothing to export.");
            return Vec::new();
        }
        vec![Effect::ExportConnections(text)]
    }

    pub(super) fn exported(&mut self, written: Result<Option<PathBuf>, Failure>) {
        match written {
            Ok(Some(file)) => {
                let (count, file) = (export(&self.settings.recent).1, file.display());
                self.view.say(format!("Exported without passwords: {count} of the connections, to {file}."));
            }
            Ok(None) => {}
            Err(why) => self.view.fail(why),
        }
    }

    /// All of the file is taken, or nothing.
    pub(super) fn imported(&mut self, read: Result<Option<Vec<u8>>, Failure>) -> Vec<Effect> {
        match read.map(|text| text.map(|text| import(&self.settings.recent, &text))) {
            Ok(Some(Ok((list, count)))) => {
                self.settings.recent = list;
                self.view.say(format!("Imported connections: {count}. Their passwords are asked for."));
                return vec![Effect::Save];
            }
            Ok(Some(Err(fault))) => self.view.fail(fault.into()),
            Ok(None) => {}
            Err(why) => self.view.fail(why),
        }
        Vec::new()
    }
}
