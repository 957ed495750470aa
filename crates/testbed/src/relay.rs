//! A relay between a client and a server of a test, which delays, stalls and cuts what goes through it, and can make the
//! other machine vanish without a word. Invariant: what it was given in one direction arrives unchanged, or not at all.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How it treats what arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    Flow,
    /// Each block waits so long.
    Slow(Duration),
    /// Nothing goes on, and nobody is told.
    Stall,
    /// Nobody gets through; what is open is closed.
    Refuse,
}

struct State {
    manner: Manner,
    open: Vec<(TcpStream, UnixStream)>,
    /// Kept, or the client would be told that they are closed.
    vanished: Vec<TcpStream>,
}

struct Shared {
    target: PathBuf,
    state: Mutex<State>,
    changed: Condvar,
}

/// A relay that listens on a port of its own. It ends with the process.
pub struct Relay {
    address: SocketAddr,
    shared: Arc<Shared>,
}

impl Relay {
    /// Relays to a Unix socket.
    pub fn to(target: &Path) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let address = listener.local_addr().expect("an address");
        let state = Mutex::new(State { manner: Manner::Flow, open: Vec::new(), vanished: Vec::new() });
        let shared = Arc::new(Shared { target: target.to_owned(), state, changed: Condvar::new() });
        let of_listener = Arc::clone(&shared);
        std::thread::spawn(move || listener.incoming().flatten().for_each(|client| of_listener.relay(client)));
        Self { address, shared }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// From now on.
    pub fn set(&self, manner: Manner) {
        self.shared.state().manner = manner;
        self.shared.changed.notify_all();
        if manner == Manner::Refuse {
            self.cut();
        }
    }

    /// Closes every connection, on both sides.
    pub fn cut(&self) {
        for (client, server) in self.shared.state().open.drain(..) {
            let _ = client.shutdown(Shutdown::Both);
            let _ = server.shutdown(Shutdown::Both);
        }
    }

    /// Lets the server vanish from every connection as if its machine had lost its power: it hears no more, and the client's
    /// packets are not even acknowledged. New connections get through.
    pub fn vanish(&self) {
        let mut state = self.shared.state();
        let open = std::mem::take(&mut state.open);
        for (client, server) in open {
            deafen(&client);
            let _ = server.shutdown(Shutdown::Both);
            state.vanished.push(client);
        }
    }
}

/// Has the kernel drop whatever arrives at a socket, before it acknowledges it: a packet filter that lets nothing through.
/// A program does it because it takes a pointer.
fn deafen(socket: &TcpStream) {
    let program = "import ctypes, socket, struct\n\
                   nothing = ctypes.create_string_buffer(struct.pack('HBBI', 6, 0, 0, 0))\n\
                   filter = struct.pack('HxxxxxxQ', 1, ctypes.addressof(nothing))\n\
                   socket.socket(fileno=0).setsockopt(socket.SOL_SOCKET, 26, filter)\n";
    let socket = OwnedFd::from(socket.try_clone().expect("another handle"));
    let done = Command::new("python3").args(["-c", program]).stdin(Stdio::from(socket)).status();
    assert!(done.is_ok_and(|status| status.success()), "python3 attaches a packet filter");
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn relay(self: &Arc<Self>, client: TcpStream) {
        if self.state().manner == Manner::Refuse {
            return;
        }
        let Ok(server) = UnixStream::connect(&self.target) else { return };
        let handles = || Ok::<_, io::Error>((client.try_clone()?, server.try_clone()?));
        let (Ok(kept), Ok(up), Ok(down)) = (handles(), handles(), handles()) else { return };
        self.state().open.push(kept);
        let (of_up, of_down) = (Arc::clone(self), Arc::clone(self));
        std::thread::spawn(move || {
            of_up.pump(up.0, &up.1);
            let _ = up.1.shutdown(Shutdown::Write);
        });
        std::thread::spawn(move || {
            of_down.pump(down.1, &down.0);
            of_down.tell_closed(&down.0);
        });
    }

    /// A server that vanished closes nothing.
    fn tell_closed(&self, client: &TcpStream) {
        let state = self.state();
        let is_gone = |kept: &TcpStream| kept.peer_addr().ok() == client.peer_addr().ok();
        if !state.vanished.iter().any(is_gone) {
            let _ = client.shutdown(Shutdown::Write);
        }
    }

    /// Carries what arrives until one side ends.
    fn pump(&self, mut from: impl Read, mut to: impl Write) {
        let mut block = [0; 1 << 16];
        while let Ok(read @ 1..) = from.read(&mut block) {
            self.hold();
            if to.write_all(&block[..read]).is_err() {
                return;
            }
        }
    }

    /// Waits as the manner says.
    fn hold(&self) {
        let mut state = self.state();
        while state.manner == Manner::Stall {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if let Manner::Slow(time) = state.manner {
            drop(self.changed.wait_timeout_while(state, time, |state| state.manner == Manner::Slow(time)));
        }
    }
}
