//! Integration tests of the macro as rustc sees it: see the files beside this one.
