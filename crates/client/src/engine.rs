//! The task that keeps the connection: it sends what is asked for, hands out answers and connects again.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use ringback_mtproto::session::{ClientEvent, ClientSession, RequestId};
use ringback_mtproto::transport::Frame;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep};

use crate::builder::Settings;
use crate::error::{Error, RpcError};
pub(crate) use crate::forward::Forward;
use crate::link::{Link, UNKNOWN_KEY};
use crate::server::Place;
use crate::system::{now, random, random_i64};

/// How many calls may wait for an answer at once; further ones wait to be sent.
const MAX_WAITING: usize = 512;
/// How often acknowledgements, pings and given-up calls are looked after.
const TICK: Duration = Duration::from_millis(500);
/// So many packets in a row that cannot be read end a connection.
const MAX_BAD_PACKETS: u32 = 16;

/// Where an answer goes.
pub(crate) type Reply = oneshot::Sender<Result<Vec<u8>, Error>>;

/// What the client wants.
pub(crate) enum Command {
    /// A call, already wrapped. Whoever drops the receiver no longer wants its answer.
    Call(Vec<u8>, Reply),
    /// From now on updates go there.
    Subscribe(mpsc::Sender<Push>),
}

/// What comes unasked.
#[derive(Debug)]
pub(crate) enum Push {
    /// `Updates`, as bytes.
    Updates(Vec<u8>),
    /// Something may have been missed.
    Gap,
}

/// Why a connection ended.
enum End {
    /// Nobody wants anything any more.
    Unwanted,
    /// The server does not know the key.
    UnknownKey,
    /// The temporary key is to be replaced.
    Renew,
    /// It broke; whether it had worked at all.
    Broken { worked: bool },
}

/// A call under way.
struct Waiting {
    reply: Reply,
    /// The call, where it may have to be sent under another key.
    body: Option<Vec<u8>>,
}

pub(crate) struct Engine {
    settings: Arc<Settings>,
    place: Place,
    session: ClientSession,
    forward: Option<Forward>,
    /// The next connection begins with a new temporary key.
    renew: bool,
    commands: mpsc::Receiver<Command>,
    waiting: BTreeMap<RequestId, Waiting>,
    pushes: Option<mpsc::Sender<Push>>,
    /// A push was dropped because nobody read them.
    overflown: bool,
    /// The server has met this session once.
    met: bool,
}

impl Engine {
    pub(crate) fn new(
        settings: Arc<Settings>,
        place: Place,
        session: ClientSession,
        forward: Option<Forward>,
        commands: mpsc::Receiver<Command>,
    ) -> Self {
        Self {
            settings,
            place,
            session,
            forward,
            renew: false,
            commands,
            waiting: BTreeMap::new(),
            pushes: None,
            overflown: false,
            met: false,
        }
    }

    /// Runs until the last client is dropped, or the key is refused.
    pub(crate) async fn run(mut self, first: Link) {
        let mut link = Some(first);
        let mut pause = self.settings.backoff.0;
        loop {
            let end = match link.take() {
                Some(link) => self.serve(link).await,
                None => match self.reopen().await {
                    Ok(link) => {
                        self.push(Push::Gap);
                        self.serve(link).await
                    }
                    Err(error) => {
                        tracing::debug!(%error, "cannot connect again yet");
                        End::Broken { worked: false }
                    }
                },
            };
            match end {
                End::Unwanted => return,
                End::UnknownKey => match &mut self.forward {
                    None => return self.refuse_all().await,
                    Some(forward) => {
                        forward.forgotten();
                        self.renew = true;
                    }
                },
                End::Renew => {
                    self.renew = true;
                    pause = self.settings.backoff.0;
                }
                End::Broken { worked: true } => pause = self.settings.backoff.0,
                End::Broken { worked: false } => {}
            }
            if self.commands.is_closed() && self.commands.is_empty() {
                return;
            }
            if self.forward.as_ref().is_some_and(Forward::is_hopeless) {
                return self.refuse_all().await;
            }
            // Up to a quarter more, so that many clients do not come back all at once.
            let more = pause.as_millis().min(u128::from(u32::MAX)) as u64 / 4;
            let jitter = random_i64().unsigned_abs() % (more + 1);
            sleep(pause + Duration::from_millis(jitter)).await;
            pause = (pause * 2).min(self.settings.backoff.1);
        }
    }

    /// A new connection, on which everything goes on.
    async fn reopen(&mut self) -> Result<Link, Error> {
        let mut link = Link::open(&self.settings, self.place).await?;
        self.forget_unwanted();
        match self.forward.as_mut().filter(|_| self.renew) {
            None => self.session.reconnected(now()),
            Some(forward) => {
                let (settings, dc) = (&self.settings, self.place.dc);
                self.session = forward.renew(&mut link, settings, dc).await?;
                (self.renew, self.met) = (false, false);
                for waiting in std::mem::take(&mut self.waiting).into_values() {
                    let body = waiting.body.clone().unwrap_or_default();
                    self.waiting.insert(self.session.request(body), waiting);
                }
            }
        }
        Ok(link)
    }

    /// Whether another call may be sent.
    fn has_room(&self) -> bool {
        self.waiting.len() < MAX_WAITING && !self.forward.as_ref().is_some_and(Forward::is_binding)
    }

    /// The key is not known: nothing will ever be answered.
    async fn refuse_all(mut self) {
        tracing::warn!("the server does not know this session's key");
        for waiting in std::mem::take(&mut self.waiting).into_values() {
            let _ = waiting.reply.send(Err(Error::KeyUnknown));
        }
        self.pushes = None;
        while let Some(command) = self.commands.recv().await {
            if let Command::Call(_, reply) = command {
                let _ = reply.send(Err(Error::KeyUnknown));
            }
        }
    }

    async fn serve(&mut self, mut link: Link) -> End {
        let mut tick = interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let (mut heard, mut pinged) = (Instant::now(), Instant::now());
        let (mut worked, mut bad) = (false, 0);
        loop {
            let packets = self.session.flush(now(), &mut random);
            if !packets.is_empty()
                && let Err(error) = link.send(&packets).await
            {
                tracing::debug!(%error, "the connection broke while sending");
                return End::Broken { worked };
            }
            tokio::select! {
                frame = link.receive() => match frame {
                    Ok(Frame::Packet { payload, .. }) => match self.session.receive(payload, now()) {
                        Ok(events) => {
                            (worked, bad, heard) = (true, 0, Instant::now());
                            for event in events {
                                self.event(event);
                            }
                            if self.renew {
                                return End::Renew;
                            }
                        }
                        Err(error) => {
                            tracing::debug!(%error, "a packet is dropped");
                            bad += 1;
                            if bad > MAX_BAD_PACKETS {
                                return End::Broken { worked: false };
                            }
                        }
                    },
                    Ok(Frame::QuickAck(_)) => {}
                    Ok(Frame::Error(UNKNOWN_KEY)) => return End::UnknownKey,
                    Ok(Frame::Error(code)) => {
                        tracing::debug!(code, "the server ends the connection");
                        return End::Broken { worked: false };
                    }
                    Err(error) => {
                        tracing::debug!(%error, "the connection broke");
                        return End::Broken { worked };
                    }
                },
                command = self.commands.recv(), if self.has_room() => match command {
                    Some(command) => self.command(command),
                    None => return End::Unwanted,
                },
                _ = tick.tick() => {
                    self.drop_unwanted();
                    self.tell_gap();
                    let idle = self.waiting.is_empty();
                    if self.forward.as_ref().is_some_and(|forward| forward.is_due(&self.session, idle)) {
                        return End::Renew;
                    }
                    let every = self.settings.ping_every;
                    if heard.elapsed() > every * 2 + self.settings.connect_timeout {
                        tracing::debug!("the server is silent");
                        return End::Broken { worked };
                    }
                    if heard.elapsed() > every && pinged.elapsed() > every {
                        pinged = Instant::now();
                        self.session.ping(random_i64(), Some(every * 3));
                    }
                }
            }
            // What was asked for in the same moment travels together.
            while self.has_room()
                && let Ok(command) = self.commands.try_recv()
            {
                self.command(command);
            }
        }
    }

    fn command(&mut self, command: Command) {
        match command {
            Command::Call(_, reply) if reply.is_closed() => {}
            Command::Call(body, reply) => {
                let kept = self.forward.is_some().then(|| body.clone());
                let id = self.session.request(body);
                self.waiting.insert(id, Waiting { reply, body: kept });
            }
            Command::Subscribe(pushes) => (self.pushes, self.overflown) = (Some(pushes), false),
        }
    }

    fn event(&mut self, event: ClientEvent) {
        match event {
            ClientEvent::Answer { id, result } => {
                let result = result.map_err(|error| {
                    Error::from(RpcError {
                        code: error.code,
                        message: error.message,
                    })
                });
                self.answer(id, result);
            }
            ClientEvent::Failed { id, code } => self.answer(id, Err(Error::Refused(code))),
            ClientEvent::Dropped { id, .. } => {
                self.waiting.remove(&id);
            }
            ClientEvent::Update(bytes) => self.push(Push::Updates(bytes)),
            ClientEvent::SessionCreated if self.met => self.push(Push::Gap),
            ClientEvent::SessionCreated => self.met = true,
            ClientEvent::Malformed(error) => tracing::debug!(%error, "a message cannot be read"),
            _ => {}
        }
    }

    fn answer(&mut self, id: RequestId, result: Result<Vec<u8>, Error>) {
        if let Some(forward) = &mut self.forward
            && let Some(bound) = forward.bound(id, result.is_ok())
        {
            if let Err(error) = result {
                tracing::debug!(%error, "the temporary key was not bound");
            }
            self.renew |= !bound;
            return;
        }
        if let Some(waiting) = self.waiting.remove(&id) {
            let _ = waiting.reply.send(result);
        }
    }

    /// Tells the reader that an update was lost, once it has room: it asks for the difference then. Whether all is told.
    fn tell_gap(&mut self) -> bool {
        if self.overflown
            && let Some(pushes) = &self.pushes
        {
            self.overflown = pushes.try_send(Push::Gap).is_err();
        }
        !self.overflown
    }

    /// Hands an update on, or notes that one was lost.
    fn push(&mut self, push: Push) {
        if !self.tell_gap() {
            return;
        }
        let Some(pushes) = &self.pushes else {
            return;
        };
        match pushes.try_send(push) {
            Ok(()) => {}
            Err(mpsc::error::TrySendError::Full(_)) => self.overflown = true,
            Err(mpsc::error::TrySendError::Closed(_)) => self.pushes = None,
        }
    }

    fn unwanted(&mut self) -> Vec<RequestId> {
        let closed = self
            .waiting
            .extract_if(.., |_, waiting| waiting.reply.is_closed());
        closed.map(|(id, _)| id).collect()
    }

    /// Tells the server that answers which nobody waits for need not come.
    fn drop_unwanted(&mut self) {
        for id in self.unwanted() {
            self.session.drop_answer(id);
        }
    }

    /// On a new connection: what nobody waits for is not sent again.
    fn forget_unwanted(&mut self) {
        for id in self.unwanted() {
            self.session.forget(id);
        }
    }
}
