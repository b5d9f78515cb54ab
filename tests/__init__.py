"""Tests of xlcost, as a package so that they can share their spreadsheet engines."""
