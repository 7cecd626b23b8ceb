#!/bin/sh
echo $who
