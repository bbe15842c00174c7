"""What happens in the room, as pure functions of events: stages, report-back, merged organizations, the join link."""
