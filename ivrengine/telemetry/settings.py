"""What an operator may choose about logs and metrics."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Level = Literal["debug", "info", "warning", "error"]


class TelemetrySettings(BaseModel):
    """Settings of logs and metrics."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    file_level: Level = Field(default="info", description="Least level of lines in the log file")
    console_level: Level = Field(
        default="warning", description="Least level of lines on the terminal"
    )
    log_file_bytes: int = Field(
        default=50_000_000, ge=10_000, description="Size in bytes at which a new log file is begun"
    )
    log_files: int = Field(
        default=5, ge=1, le=100, description="Older log files that are kept beside the newest"
    )
    log_queue_lines: int = Field(
        default=20_000,
        ge=100,
        description="Lines that may wait to be written; more are dropped and counted",
    )
    loop_lag_interval_s: float = Field(
        default=0.5, gt=0, description="Seconds between two measurements of the event loop's lag"
    )
