//! Other data centres: following the account to its own, and making single calls elsewhere.
//!
//! <https://core.telegram.org/api/datacenter>

use std::net::{IpAddr, SocketAddr};

use ringback_tl::{functions, types};

use crate::client::Client;
use crate::error::{Error, Migration};
use crate::line::{self, Line};
use crate::server::{Network, Place};
use crate::session::Session;

impl Client {
    /// Goes on in data centre `dc`, and keeps that. Whoever is signed in is so there too.
    pub(crate) async fn move_home(&self, dc: i32) -> Result<(), Error> {
        // Calls that were sent on at the same time find the move made.
        let mut lines = self.shared.moving.lock().await;
        let session = self.session();
        if session.dc == dc {
            return Ok(());
        }
        let place = self.place(dc).ok_or(Error::Migrate {
            dc,
            what: Migration::Account,
        })?;
        let home = self.home();
        let (line, key) = self
            .connect_to(place, &home, session.user, Migration::Account)
            .await?;
        // The key made for single calls there is another one.
        lines.remove(&dc);
        tracing::info!(dc, "the account's data centre is another one");
        let session = Session {
            address: place.address,
            dc,
            user: session.user,
            key,
        };
        self.moved(line, session).await
    }

    /// A line to data centre `dc` for single calls, signed in as the account is. Its key is not kept.
    pub(crate) async fn line_to(&self, dc: i32) -> Result<Line, Error> {
        let mut lines = self.shared.moving.lock().await;
        let session = self.session();
        if session.dc == dc {
            return Ok(self.home());
        }
        if let Some(line) = lines.get(&dc).filter(|line| !line.is_closed()) {
            return Ok(line.clone());
        }
        let place = self.place(dc).ok_or(Error::Migrate {
            dc,
            what: Migration::Call,
        })?;
        let (line, _) = self
            .connect_to(place, &self.home(), session.user, Migration::Call)
            .await?;
        lines.insert(dc, line.clone());
        Ok(line)
    }

    async fn connect_to(
        &self,
        place: Place,
        home: &Line,
        user: i64,
        what: Migration,
    ) -> Result<(Line, ringback_mtproto::AuthKey), Error> {
        if self.shared.settings.keys.is_empty() {
            return Err(Error::Migrate { dc: place.dc, what });
        }
        let (line, key) = line::open(&self.shared.settings, place, None).await?;
        self.introduce_on(&line).await?;
        if user != 0 {
            let export = functions::auth::ExportAuthorization { dc_id: place.dc };
            let exported = self.invoke_on(home, &export).await?;
            let import = functions::auth::ImportAuthorization {
                id: exported.id,
                bytes: exported.bytes,
            };
            self.invoke_on(&line, &import).await?;
        }
        Ok((line, key))
    }

    /// Where a data centre is: as `help.getConfig` said, else as Telegram's are known.
    fn place(&self, dc: i32) -> Option<Place> {
        let config = self.config();
        let usable = |option: &&types::DcOption| {
            option.id == dc
                && !(option.ipv6 || option.media_only || option.cdn || option.tcpo_only)
                && option.secret.is_none()
        };
        let named = config.as_ref().and_then(|config| {
            let option = config.dc_options.iter().find(usable)?;
            let ip = option.ip_address.parse::<IpAddr>().ok()?;
            let port = u16::try_from(option.port).ok()?;
            Some(Place {
                address: SocketAddr::new(ip, port),
                dc,
            })
        });
        named.or_else(|| Network::at(self.session().address)?.place(dc))
    }
}
