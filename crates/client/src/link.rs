//! One TCP connection: frames out, frames in, and the key exchange over it.

use std::time::Duration;

use ringback_mtproto::handshake::{ClientHandshake, ClientKey, ClientOptions, Step};
use ringback_mtproto::transport::{Frame, Framing, Transport as Frames};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::builder::{Settings, Transport};
use crate::error::Error;
use crate::server::Place;
use crate::system::{now, random};

/// How much is read at once.
const READ: usize = 16 << 10;

/// A server that says in a frame of its own that it does not know the key.
pub(crate) const UNKNOWN_KEY: i32 = -404;

pub(crate) struct Link {
    stream: TcpStream,
    frames: Frames,
    buffer: Box<[u8; READ]>,
    write_timeout: Duration,
}

impl Link {
    /// Connects, and says which transport is to be spoken.
    pub(crate) async fn open(settings: &Settings, place: Place) -> Result<Self, Error> {
        let limit = settings.connect_timeout;
        let stream = timeout(limit, TcpStream::connect(place.address))
            .await
            .map_err(|_| Error::Timeout(limit))?
            .map_err(Error::Connect)?;
        stream.set_nodelay(true).map_err(Error::Connect)?;
        let (frames, opening) = match settings.transport {
            Transport::Abridged => Frames::connect(Framing::Abridged),
            Transport::Intermediate => Frames::connect(Framing::Intermediate),
            Transport::PaddedIntermediate => Frames::connect(Framing::PaddedIntermediate),
            Transport::Full => Frames::connect(Framing::Full),
            Transport::Obfuscated => Frames::connect_obfuscated(
                Framing::PaddedIntermediate,
                place.dc.try_into().unwrap_or_default(),
                &mut random,
            ),
        };
        let mut link = Self {
            stream,
            frames,
            buffer: Box::new([0; READ]),
            write_timeout: limit,
        };
        link.write(&opening).await?;
        Ok(link)
    }

    async fn write(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let limit = self.write_timeout;
        timeout(limit, self.stream.write_all(bytes))
            .await
            .map_err(|_| Error::Timeout(limit))?
            .map_err(Error::Connect)
    }

    /// Sends packets, in their order.
    pub(crate) async fn send(&mut self, packets: &[Vec<u8>]) -> Result<(), Error> {
        let mut out = Vec::new();
        for packet in packets {
            self.frames.send(packet, &mut out, &mut random);
        }
        self.write(&out).await
    }

    /// The next frame. Nothing is lost if this is dropped before its end.
    pub(crate) async fn receive(&mut self) -> Result<Frame, Error> {
        loop {
            if let Some(frame) = self.frames.next_frame()? {
                return Ok(frame);
            }
            let count = self
                .stream
                .read(&mut self.buffer[..])
                .await
                .map_err(Error::Connect)?;
            if count == 0 {
                return Err(Error::Connect(std::io::ErrorKind::UnexpectedEof.into()));
            }
            self.frames.feed(&self.buffer[..count]);
        }
    }

    /// Makes a key with the server: a temporary one if it has a lifetime, in seconds.
    pub(crate) async fn make_key(
        &mut self,
        settings: &Settings,
        dc: i32,
        expires_in: Option<i32>,
    ) -> Result<ClientKey, Error> {
        let limit = settings.connect_timeout;
        timeout(limit, self.exchange(settings, dc, expires_in))
            .await
            .map_err(|_| Error::Timeout(limit))?
    }

    async fn exchange(
        &mut self,
        settings: &Settings,
        dc: i32,
        expires_in: Option<i32>,
    ) -> Result<ClientKey, Error> {
        if settings.keys.is_empty() {
            return Err(Error::NoServerKey);
        }
        let options = ClientOptions {
            dc: Some(dc),
            expires_in,
            ..ClientOptions::default()
        };
        let (mut handshake, first) =
            ClientHandshake::start(settings.keys.clone(), options, now(), &mut random);
        self.send(&[first]).await?;
        loop {
            let packet = match self.receive().await? {
                Frame::Packet { payload, .. } => payload,
                Frame::QuickAck(_) => continue,
                Frame::Error(code) => return Err(Error::Refused(code)),
            };
            match handshake.receive(&packet, now(), &mut random)? {
                Step::Send(packet) => self.send(&[packet]).await?,
                Step::Done(key) => return Ok(*key),
            }
        }
    }
}
