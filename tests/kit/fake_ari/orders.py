"""What each REST operation does on a pretended Asterisk's board."""

import re
from collections.abc import Callable
from typing import Any, Final

from tests.kit.fake_ari.board import APP, Board, Json, Refusal

Order = Callable[[Board, dict[str, str], Any], object]

ORDERS: Final[list[tuple[re.Pattern[str], Order]]] = []


def _order(line: str) -> Callable[[Order], Order]:
    """Serves requests like "POST /channels/{id}/play"."""
    pattern = re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", line))

    def keep(order: Order) -> Order:
        ORDERS.append((pattern, order))
        return order

    return keep


def carry_out(board: Board, line: str, fields: Json) -> object:
    """Does what a request asks; None is an answer without a body.

    Raises:
        Refusal: it cannot be done.
    """
    for pattern, order in ORDERS:
        found = pattern.fullmatch(line)
        if found:
            return order(board, found.groupdict(), fields)
    raise Refusal(404, "Invalid resource")


@_order("GET /applications/{app}")
def _application(board: Board, path: dict[str, str], fields: Any) -> object:
    return {"name": APP, "channel_ids": list(board.channels), "bridge_ids": list(board.bridges)}


@_order("POST /asterisk/variable")
def _set_global(board: Board, path: dict[str, str], fields: Any) -> object:
    board.globals[fields["variable"]] = fields["value"]
    return None


@_order("GET /channels")
def _channels(board: Board, path: dict[str, str], fields: Any) -> object:
    if board.poisoned:
        raise Refusal(500, "Allocation failed")
    return [channel.describe() for channel in board.channels.values()]


@_order("GET /channels/{id}")
def _channel(board: Board, path: dict[str, str], fields: Any) -> object:
    if path["id"] in board.poisoned:
        raise Refusal(500, "Allocation failed")
    return board.find(path["id"]).describe()


@_order("POST /channels/{id}")
def _originate(board: Board, path: dict[str, str], fields: Any) -> object:
    number = fields["endpoint"].removeprefix("PJSIP/")
    timeout_s = float(fields["timeout"])
    return board.originate(path["id"], number, fields["callerId"], timeout_s=timeout_s).describe()


@_order("POST /channels/{id}/snoop/{snoop}")
def _snoop(board: Board, path: dict[str, str], fields: Any) -> object:
    for side in ("spy", "whisper"):
        if fields[side] not in ("none", "in", "out", "both"):
            raise Refusal(400, f"Invalid direction specified for {side}")
    args = tuple(fields["appArgs"].split(","))
    return board.snoop(board.find(path["id"]), path["snoop"], args).describe()


@_order("DELETE /channels/{id}")
def _hang_up(board: Board, path: dict[str, str], fields: Any) -> object:
    board.hang_up(board.find(path["id"]), int(fields.get("reason_code", 16)))
    return None


@_order("POST /channels/{id}/answer")
def _answer(board: Board, path: dict[str, str], fields: Any) -> object:
    board.answer(board.in_stasis(path["id"]))
    return None


@_order("POST /channels/{id}/ring")
@_order("POST /channels/{id}/moh")
@_order("DELETE /channels/{id}/moh")
@_order("POST /channels/{id}/variable")
def _take_note(board: Board, path: dict[str, str], fields: Any) -> object:
    board.in_stasis(path["id"])
    return None


@_order("POST /channels/{id}/play")
def _play(board: Board, path: dict[str, str], fields: Any) -> object:
    channel = board.in_stasis(path["id"])
    return board.play(channel, fields["playbackId"], tuple(fields["media"])).describe("queued")


@_order("DELETE /playbacks/{id}")
def _stop(board: Board, path: dict[str, str], fields: Any) -> object:
    board.stop(path["id"])
    return None


@_order("POST /channels/{id}/record")
def _record(board: Board, path: dict[str, str], fields: Any) -> object:
    channel = board.in_stasis(path["id"])
    name, target_uri = fields["name"], f"channel:{channel.id}"
    if channel.bridge:
        board.fail_recording(name, target_uri)
    else:
        board.record(name, target_uri, max_s=fields["maxDurationSeconds"])
    return {"name": name, "format": "wav", "state": "queued", "target_uri": target_uri}


@_order("GET /recordings/live/{name}")
def _describe_recording(board: Board, path: dict[str, str], fields: Any) -> object:
    return board.recording(path["name"]).describe()


@_order("POST /recordings/live/{name}/stop")
def _stop_recording(board: Board, path: dict[str, str], fields: Any) -> object:
    board.stop_recording(path["name"])
    return None


@_order("POST /recordings/live/{name}/pause")
def _pause_recording(board: Board, path: dict[str, str], fields: Any) -> object:
    board.pause_recording(path["name"], paused=True)
    return None


@_order("DELETE /recordings/live/{name}/pause")
def _resume_recording(board: Board, path: dict[str, str], fields: Any) -> object:
    board.pause_recording(path["name"], paused=False)
    return None


@_order("GET /bridges")
def _bridges(board: Board, path: dict[str, str], fields: Any) -> object:
    return [
        {"id": bridge, "name": APP, "channels": sorted(legs)}
        for bridge, legs in board.bridges.items()
    ]


@_order("POST /bridges/{id}")
def _create_bridge(board: Board, path: dict[str, str], fields: Any) -> object:
    if path["id"] in board.bridges:
        raise Refusal(409, f"Bridge with id '{path['id']}' already exists")
    board.bridges[path["id"]] = set()
    return {"id": path["id"], "name": fields["name"], "channels": []}


def _existing(board: Board, bridge: str) -> str:
    if bridge not in board.bridges:
        raise Refusal(404, "Bridge not found")
    return bridge


@_order("DELETE /bridges/{id}")
def _destroy_bridge(board: Board, path: dict[str, str], fields: Any) -> object:
    board.destroy_bridge(_existing(board, path["id"]))
    return None


@_order("POST /bridges/{id}/addChannel")
def _join(board: Board, path: dict[str, str], fields: Any) -> object:
    bridge = _existing(board, path["id"])
    for leg in fields["channel"]:
        if leg not in board.channels:
            raise Refusal(400, "Channel not found")
        if not board.channels[leg].in_stasis:
            raise Refusal(422, "Channel not in Stasis application")
    for leg in fields["channel"]:
        board.channels[leg].bridge = bridge
        board.bridges[bridge].add(leg)
        board.absorbs[leg] = fields["absorbDTMF"]
    return None


@_order("POST /bridges/{id}/removeChannel")
def _leave(board: Board, path: dict[str, str], fields: Any) -> object:
    bridge = _existing(board, path["id"])
    for leg in fields["channel"]:
        if leg not in board.channels:
            raise Refusal(400, "Channel not found")
        if leg not in board.bridges[bridge]:
            raise Refusal(422, "Channel not in this bridge")
        board.channels[leg].bridge = ""
        board.bridges[bridge].discard(leg)
    return None
