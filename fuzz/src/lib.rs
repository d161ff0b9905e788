//! What all targets share: memory with a limit.
//!
//! libFuzzer's own `-malloc_limit_mb` works only together with a sanitizer, and those want a nightly compiler.

use std::alloc::{GlobalAlloc, Layout, System};

/// The most that may be asked for at once. Inputs are a few kilobytes, and the largest thing that one may rightly ask
/// for is a message that is unpacked, of 16 MiB at most.
const MOST: usize = 64 << 20;

struct Limited;

#[global_allocator]
static MEMORY: Limited = Limited;

fn check(size: usize) {
    if size > MOST {
        // Neither a message nor a panic, which would ask for more.
        std::process::abort();
    }
}

// SAFETY: the system's allocator, with some requests ended.
unsafe impl GlobalAlloc for Limited {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        check(layout.size());
        // SAFETY: as our caller promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        check(layout.size());
        // SAFETY: as our caller promises.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        check(size);
        // SAFETY: as our caller promises.
        unsafe { System.realloc(memory, layout, size) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: as our caller promises.
        unsafe { System.dealloc(memory, layout) }
    }
}
