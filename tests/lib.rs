//! Where the integration tests live: see the directories beside this file.
