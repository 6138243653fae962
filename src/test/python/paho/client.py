"""Paho, told by one argument in JSON what to do: publish a message and end, or subscribe with QoS 2 and print what
arrives. ScriptedClient writes the argument, ClientProgram reads the lines."""

import json
import os
import signal
import sys

from paho.mqtt import client as paho
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

task = json.loads(sys.argv[1])
encrypted = task["transport"] != "TCP"
websocket = task["transport"] == "WSS"


def say(line):
    print(line, flush=True)


def connected(client, _userdata, _flags, reason, _properties=None):
    if reason != 0:
        say(f"refused {reason}")
        os._exit(1)
    if "publish" in task:
        message = task["publish"]
        client.publish(message["topic"], message["payload"], message["qos"], message["retain"])
    else:
        client.subscribe(task["subscribe"], 2)


def arrived(_client, _userdata, message):
    say(f"message {message.qos} {int(message.retain)} {message.topic} {message.payload.decode()}")


def make():
    arguments = {"client_id": task.get("clientId", f"p{os.getpid()}"), "protocol": task["level"]}
    if task["level"] != paho.MQTTv5:
        arguments["clean_session"] = not task.get("kept", False)
    return paho.Client(transport="websockets" if websocket else "tcp", **arguments)


def connect(client):
    arguments = {}
    if task["level"] == paho.MQTTv5:
        arguments["clean_start"] = not task.get("kept", False)
        arguments["properties"] = Properties(PacketTypes.CONNECT)
        if task.get("kept"):
            arguments["properties"].SessionExpiryInterval = task["expiry"]
    client.connect("localhost", task["port"], **arguments)


client = make()
client.on_connect = connected
client.on_message = arrived
client.on_subscribe = lambda *_: say("Subscribed")
client.on_publish = lambda *_: client.disconnect()
if "will" in task:
    will = task["will"]
    client.will_set(will["topic"], will["payload"], will["qos"], will["retain"])
if encrypted:
    client.tls_set(task["ca"], task["cert"], task["key"])
if websocket:
    client.ws_set_options(path="/mqtt")
signal.signal(signal.SIGTERM, lambda *_: client.disconnect())
connect(client)
client.loop_forever(retry_first_connection=False)
